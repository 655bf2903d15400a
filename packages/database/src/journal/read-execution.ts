import {
  statusOfCode,
  type AttemptRecord,
  type Execution,
  type ExecutionRequest,
  type ExecutionSource,
} from '@lockstep/domain';
import type { AttemptRow, ExecutionRow, RequestRow } from '../tables.js';

/** Columns of an execution's row that make an `Execution`. */
export const EXECUTION_COLUMNS = [
  'id',
  'project_id',
  'project_name',
  'version',
  'flow_id',
  'status',
  'submit_user',
  'submitted_at',
  'started_at',
  'ended_at',
  'updated_at',
  'modified_by',
  'source',
  'options',
  'retry_of',
  'retry_root',
  'retry_statuses',
  'retries_left',
  'lineage',
  'plan_root',
] as const;

export function readExecution(row: Pick<ExecutionRow, (typeof EXECUTION_COLUMNS)[number]>): Execution {
  return {
    id: row.id,
    projectId: row.project_id,
    projectName: row.project_name,
    version: row.version,
    flowId: row.flow_id,
    status: statusOfCode(row.status),
    submitUser: row.submit_user,
    submittedAt: row.submitted_at,
    ...(row.started_at === null ? {} : { startedAt: row.started_at }),
    ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
    updatedAt: row.updated_at,
    ...(row.modified_by === null ? {} : { modifiedBy: row.modified_by }),
    source: row.source as ExecutionSource,
    options: row.options,
    ...(row.retry_of === null ? {} : { retryOf: row.retry_of }),
    ...(row.retry_root === null ? {} : { retryRoot: row.retry_root }),
    ...(row.retry_statuses === null
      ? {}
      : { retry: { statuses: row.retry_statuses.map(statusOfCode), left: row.retries_left } }),
    ...(row.lineage === null ? {} : { lineage: row.lineage }),
    ...(row.plan_root === null ? {} : { planRoot: row.plan_root }),
  };
}

export function readAttempt(row: AttemptRow): AttemptRecord {
  return {
    nestedId: row.nested_id,
    attempt: row.attempt,
    status: statusOfCode(row.status),
    ...(row.started_at === null ? {} : { startedAt: row.started_at }),
    ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
    updatedAt: row.updated_at,
    ...(row.outputs === null ? {} : { outputs: row.outputs }),
  };
}

export function readRequest(row: RequestRow): ExecutionRequest {
  return {
    id: row.id,
    executionId: row.execution_id,
    kind: row.kind as ExecutionRequest['kind'],
    user: row.user_name,
    at: row.at,
  };
}
