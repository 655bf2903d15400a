import type { ClaimResult, ExecutionCommit, ExecutionJournal, ExecutionRequest, Lease } from '@lockstep/domain';
import type { Pool } from 'pg';
import { CHANNEL } from '../channels.js';
import type { Listener } from '../listen.js';
import type { RequestRow } from '../tables.js';
import { claimExecution } from './claim-execution.js';
import { commitExecution } from './commit-execution.js';
import { readRequest } from './read-execution.js';

export class PostgresExecutionJournal implements ExecutionJournal {
  readonly #pool: Pool;
  readonly #listener: Listener;
  readonly #onProblem: (error: Error) => void;

  constructor(database: { pool: Pool; listener: Listener; onProblem?: (error: Error) => void }) {
    this.#pool = database.pool;
    this.#listener = database.listener;
    this.#onProblem = database.onProblem ?? (() => undefined);
  }

  claim(claim: { executionId: number; workerId: string }): Promise<ClaimResult> {
    return claimExecution(this.#pool, claim);
  }

  commit(commit: ExecutionCommit): Promise<'committed' | 'fenced'> {
    return commitExecution(this.#pool, commit);
  }

  async release({ executionId, workerId, ticket }: Lease): Promise<void> {
    await this.#pool.query({
      name: 'lockstep release execution',
      text: `update executions set lease_worker = null where id = $1 and lease_worker = $2 and lease_ticket = $3`,
      values: [executionId, workerId, ticket],
    });
  }

  async pendingRequests(executionId: number): Promise<readonly ExecutionRequest[]> {
    const { rows } = await this.#pool.query<RequestRow>({
      name: 'lockstep pending requests',
      text: 'select id, execution_id, kind, user_name, at from execution_requests where execution_id = $1 order by id',
      values: [executionId],
    });
    return rows.map(readRequest);
  }

  /** After a lost connection it calls back for every execution with a request, as some may have been missed. */
  onRequest(listener: (executionId: number) => void): Promise<() => Promise<void>> {
    return this.#listener.listen({
      channel: CHANNEL.request,
      onNotify: (payload) => listener(Number(payload)),
      onReconnect: () => void this.#callForAll(listener).catch(this.#onProblem),
    });
  }

  async #callForAll(listener: (executionId: number) => void): Promise<void> {
    const { rows } = await this.#pool.query<{ execution_id: number }>(
      'select distinct execution_id from execution_requests',
    );
    for (const { execution_id } of rows) listener(execution_id);
  }
}
