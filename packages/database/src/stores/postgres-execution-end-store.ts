import type { ExecutionEndStore } from '@lockstep/domain';
import type { Knex } from 'knex';

/** A row another transaction works on is passed over: any number of schedulers share the work without waiting. */
const TAKE = `
  delete from execution_ends
  where execution_id = (
    select e.execution_id from execution_ends e where e.due_at <= now()
    order by e.due_at, e.execution_id
    limit 1
    for update skip locked)
  returning execution_id as "executionId"`;

/** From a second to a few minutes, doubling. */
const PUT_OFF = `
  update execution_ends
  set tries = tries + 1, due_at = now() + least(power(2, least(tries, 10)), 300) * interval '1 second'
  where execution_id = ?`;

/** Waiting executions count what they wait for; the count stays, since one wait takes the place of another. */
const HAND_OVER = `
  update execution_waits set on_execution_id = :to where on_execution_id = :from and needs_success`;

export class PostgresExecutionEndStore implements ExecutionEndStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  async take(): Promise<number | undefined> {
    const { rows } = await this.#db.raw<{ rows: readonly { executionId: number }[] }>(TAKE);
    return rows[0]?.executionId;
  }

  async putOff(executionId: number): Promise<void> {
    await this.#db.raw(PUT_OFF, [executionId]);
  }

  async handOverWaits(waits: { readonly from: number; readonly to: number }): Promise<void> {
    await this.#db.raw(HAND_OVER, waits);
  }

  async failWaits(executionId: number): Promise<void> {
    await this.#db.raw('select fail_waiting(?)', [executionId]);
  }
}
