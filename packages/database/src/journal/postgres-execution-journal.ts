import {
  isFinished,
  statusOfCode,
  type ClaimResult,
  type Execution,
  type ExecutionCommit,
  type ExecutionJournal,
  type ExecutionProgress,
  type ExecutionRequest,
  type Lease,
} from '@lockstep/domain';
import type { Pool } from 'pg';
import { CHANNEL } from '../channels.js';
import type { Listener } from '../listen.js';
import type { ExecutionRow, RequestRow } from '../tables.js';
import { claimExecution } from './claim-execution.js';
import { commitExecution } from './commit-execution.js';
import { finishedNodes, progressNames } from './finished-nodes.js';
import { EXECUTION_COLUMNS, readExecution, readRequest } from './read-execution.js';

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

  async release({ executionId, workerId, ticket }: Lease, again: 'now' | 'later'): Promise<void> {
    await this.#pool.query({
      name: 'lockstep release execution',
      text: `with released as (
          update executions set lease_worker = null, nudged_at = case when $4 then '-infinity' else now() end
          where id = $1 and lease_worker = $2 and lease_ticket = $3
          returning id
        )
        select pg_notify($5, id::text) from released where $4`,
      values: [executionId, workerId, ticket, again === 'now', CHANNEL.released],
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

  async findExecution(executionId: number): Promise<Execution | undefined> {
    const { rows } = await this.#pool.query<ExecutionRow>({
      name: 'lockstep find execution',
      text: `select ${EXECUTION_COLUMNS.join(', ')} from executions where id = $1`,
      values: [executionId],
    });
    return rows[0] && readExecution(rows[0]);
  }

  async progressOf(executionId: number, nestedIds: readonly string[]): Promise<ExecutionProgress> {
    const execution = await this.findExecution(executionId);
    const { rows } = await this.#pool.query<{ nested_id: string; status: number }>({
      name: 'lockstep progress of execution',
      text: `select distinct on (nested_id) nested_id, status from execution_attempts
        where execution_id = $1 and nested_id = any ($2) order by nested_id, attempt desc`,
      values: [executionId, progressNames(nestedIds)],
    });
    const finished = new Set(
      rows.filter(({ status }) => isFinished(statusOfCode(status))).map(({ nested_id }) => nested_id),
    );
    return {
      ended: execution === undefined || isFinished(execution.status),
      finished: finishedNodes(nestedIds, (nestedId) => finished.has(nestedId)),
    };
  }

  onProgress(listener: (executionId: number) => void): Promise<() => Promise<void>> {
    return this.#listener.listen({ channel: CHANNEL.progress, onNotify: (payload) => listener(Number(payload)) });
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
