import type { WorkerRecord, WorkerRegistry } from '@lockstep/domain';
import type { Knex } from 'knex';
import { takeOverdue } from './take-overdue.js';

/** SQLSTATE of a key that is there already. */
const UNIQUE_VIOLATION = '23505';

const FROM_NOW = `now() + :ttlMs * interval '1 millisecond'`;

/** Ended workers are remembered for a while, to refuse their ids. What a dead one held is due at once. */
const BURY = `
  with forgotten as (
    delete from workers where ended_at < now() - interval '7 days'
  ), buried as (
    update workers set ended_at = now() where ended_at is null and lease_until < now() returning id
  ), due as (
    update executions e set nudged_at = '-infinity' from buried where e.lease_worker = buried.id and not e.finished
  )
  select id from buried`;

/**
 * A worker's row ends once and for ever: by `unregister`, by `buryDead`, or by the claim of one of its executions after its
 * heartbeat has run out. A heartbeat locks the same row, so of a late heartbeat and a burial one sees the other's work.
 */
export class PostgresWorkerRegistry implements WorkerRegistry {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  /** The id is for one life of a process: throws when it has been used before. */
  async register(worker: Omit<WorkerRecord, 'startedAt'>, { ttlMs }: { ttlMs: number }): Promise<void> {
    try {
      await this.#db.raw(
        `insert into workers (id, host, pid, capacity, lease_until) values (:id, :host, :pid, :capacity, ${FROM_NOW})`,
        { ...worker, ttlMs },
      );
    } catch (error) {
      if ((error as { code?: string }).code !== UNIQUE_VIOLATION) throw error;
      throw new Error(`Worker id "${worker.id}" has been used before; every start of a worker needs a new one.`, {
        cause: error,
      });
    }
  }

  async heartbeat(workerId: string, { ttlMs }: { ttlMs: number }): Promise<boolean> {
    const { rowCount } = await this.#db.raw<{ rowCount: number }>(
      `update workers set lease_until = ${FROM_NOW} where id = :workerId and ended_at is null`,
      { workerId, ttlMs },
    );
    return rowCount > 0;
  }

  async unregister(workerId: string): Promise<void> {
    await this.#db.raw('update workers set ended_at = now() where id = ? and ended_at is null', [workerId]);
  }

  async listAlive(): Promise<readonly WorkerRecord[]> {
    const { rows } = await this.#db.raw<{ rows: readonly WorkerRecord[] }>(`
      select id, host, pid, capacity, (extract(epoch from started_at) * 1000)::bigint as "startedAt"
      from workers where ended_at is null and lease_until >= now() order by started_at, id`);
    return rows;
  }

  async buryDead(): Promise<readonly string[]> {
    const { rows } = await this.#db.raw<{ rows: readonly { id: string }[] }>(BURY);
    return rows.map(({ id }) => id);
  }

  takeOverdue(of: {
    quietMs: number;
    limit: number;
  }): Promise<readonly { executionId: number; ticket: number; priority: number }[]> {
    return takeOverdue(this.#db, of);
  }
}
