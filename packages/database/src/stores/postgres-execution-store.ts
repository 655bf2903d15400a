import {
  priorityOf,
  STATUS,
  type AttemptRecord,
  type Execution,
  type ExecutionFilter,
  type ExecutionRequest,
  type ExecutionStore,
  type NewExecution,
} from '@lockstep/domain';
import type { Knex } from 'knex';
import { CHANNEL } from '../channels.js';
import { EXECUTION_COLUMNS, readAttempt, readExecution } from '../journal/read-execution.js';
import { TABLE, type AttemptRow, type ExecutionRow } from '../tables.js';
import { filterExecutions } from './filter-executions.js';
import { lockFlows } from './lock-flows.js';

const ADD_REQUEST = `
  with added as (
    insert into execution_requests (execution_id, kind, user_name, at)
    values (:executionId, :kind, :user, :at)
    returning execution_id
  )
  select pg_notify(:channel, execution_id::text) from added`;

const KILL_UNSTARTED = `
  with killed as (
    update executions set status = :killed, ended_at = :at, updated_at = :at, modified_by = :user
    where id = :id and lease_ticket = 0 and not finished
    returning id
  ), answered as (
    delete from execution_requests r using killed where r.execution_id = killed.id
  )
  select pg_notify(:channel, id || ' ' || :killed) from killed`;

/** The share lock waits for a commit that may be ending one of them right now, and holds up the next one until we are done. */
const ADD_WAITS = `
  with upstream as (
    select u.id, u.finished from executions u where u.id = any (:on) order by u.id for share
  ), added as (
    insert into execution_waits (execution_id, on_execution_id, needs_success)
    select :id, u.id, :needsSuccess from upstream u where not u.finished
    on conflict do nothing
    returning 1
  )
  update executions set waits = waits + (select count(*) from added) where id = :id`;

export class PostgresExecutionStore implements ExecutionStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  async lockFlow(projectId: number, flowId: string): Promise<void> {
    await lockFlows(this.#db, [{ projectId, flowId }]);
  }

  async lockFlows(flows: readonly { readonly projectId: number; readonly flowId: string }[]): Promise<void> {
    await lockFlows(this.#db, flows);
  }

  async unfinishedOfFlow(projectId: number, flowId: string): Promise<readonly number[]> {
    const rows = await this.#db<ExecutionRow>(TABLE.executions)
      .select('id')
      .where({ project_id: projectId, flow_id: flowId })
      .whereRaw('not finished')
      .orderBy('id');
    return rows.map(({ id }) => id);
  }

  async countWaiting(): Promise<number> {
    // The code stands in the text, not in a parameter: only so the planner may use the partial index of waiting executions.
    const row = await this.#db<ExecutionRow>(TABLE.executions)
      .count({ count: '*' })
      .whereRaw(`status = ${STATUS.PREPARING.code}`)
      .first();
    return Number(row?.count ?? 0);
  }

  async insert(execution: NewExecution): Promise<number> {
    const [row] = await this.#db(TABLE.executions)
      .insert({
        project_id: execution.projectId,
        project_name: execution.projectName,
        version: execution.version,
        flow_id: execution.flowId,
        status: STATUS.PREPARING.code,
        submit_user: execution.submitUser,
        submitted_at: execution.submittedAt,
        updated_at: execution.submittedAt,
        source: execution.source,
        priority: priorityOf(execution.options),
        options: JSON.stringify(execution.options),
        retry_of: execution.retryOf ?? null,
        retry_root: execution.retryRoot ?? null,
        retry_statuses: execution.retry?.statuses.map((status) => STATUS[status].code) ?? null,
        retries_left: execution.retry?.left ?? 0,
        lineage: execution.lineage ?? null,
        plan_root: execution.planRoot ?? null,
      })
      .returning<{ id: number }[]>('id');
    if (row === undefined) throw new Error('The database returned no id for a new execution.');
    const { pipelineExecutionId } = execution.options;
    if (pipelineExecutionId !== undefined) {
      await this.#db(TABLE.executions).update({ followed: true }).where({ id: pipelineExecutionId });
    }
    return row.id;
  }

  async addWaits(id: number, { on, needsSuccess }: { on: readonly number[]; needsSuccess: boolean }): Promise<void> {
    if (on.length > 0) await this.#db.raw(ADD_WAITS, { id, on: [...on], needsSuccess });
  }

  async plannedWith(root: number): Promise<readonly Execution[]> {
    const rows = await this.#executions().where({ id: root }).orWhere({ plan_root: root }).orderBy('id');
    return rows.map(readExecution);
  }

  async retriesOf(root: number): Promise<readonly Execution[]> {
    const rows = await this.#executions().where({ id: root }).orWhere({ retry_root: root }).orderBy('id');
    return rows.map(readExecution);
  }

  async find(id: number): Promise<Execution | undefined> {
    const row = await this.#executions().where({ id }).first();
    return row && readExecution(row);
  }

  async attemptsOf(id: number): Promise<readonly AttemptRecord[]> {
    const rows = await this.#db<AttemptRow>(TABLE.attempts)
      .where({ execution_id: id })
      .orderBy([{ column: 'nested_id' }, { column: 'attempt' }]);
    return (rows as readonly AttemptRow[]).map(readAttempt);
  }

  async listOfFlow(
    flow: { projectId: number; flowId: string },
    page: { start: number; length: number },
  ): Promise<{ total: number; executions: readonly Execution[] }> {
    const ofFlow = { project_id: flow.projectId, flow_id: flow.flowId };
    const [counted, rows] = [
      await this.#db<ExecutionRow>(TABLE.executions).count({ count: '*' }).where(ofFlow).first(),
      await this.#executions().where(ofFlow).orderBy('id', 'desc').offset(page.start).limit(page.length),
    ];
    return { total: Number(counted?.count ?? 0), executions: rows.map(readExecution) };
  }

  async lastSuccessfulOfFlow(projectId: number, flowId: string): Promise<number | undefined> {
    const row = await this.#db<ExecutionRow>(TABLE.executions)
      .select('id')
      .where({ project_id: projectId, flow_id: flowId })
      .whereRaw(`status = ${STATUS.SUCCEEDED.code}`)
      .orderBy('id', 'desc')
      .first();
    return row?.id;
  }

  async list(filter: ExecutionFilter, page: { start: number; length: number }): Promise<readonly Execution[]> {
    const rows = await filterExecutions(this.#executions(), filter)
      .orderBy('id', 'desc')
      .offset(page.start)
      .limit(page.length);
    return rows.map(readExecution);
  }

  async killUnstarted(id: number, change: { user: string; at: number }): Promise<boolean> {
    const { rows } = await this.#db.raw<{ rows: readonly unknown[] }>(KILL_UNSTARTED, {
      id,
      ...change,
      killed: STATUS.KILLED.code,
      channel: CHANNEL.execution,
    });
    return rows.length > 0;
  }

  async addRequest(request: Omit<ExecutionRequest, 'id'>): Promise<void> {
    await this.#db.raw(ADD_REQUEST, { ...request, channel: CHANNEL.request });
  }

  #executions() {
    return this.#db<ExecutionRow>(TABLE.executions).select(...EXECUTION_COLUMNS);
  }
}
