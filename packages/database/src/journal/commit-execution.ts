import { FINAL_EXECUTION_STATUSES, STATUS, type AttemptRecord, type ExecutionCommit } from '@lockstep/domain';
import type { Pool } from 'pg';
import { distinctChunks, packLogChunks } from './pack-log-chunks.js';

/**
 * The hot path: a running flow waits for it between a job's end and the next one's start. One prepared statement, one round
 * trip; what it costs is the server's write to disk (see `commit_execution` in migrations/).
 */
const COMMIT = {
  name: 'lockstep commit execution',
  text: `select commit_execution(
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24
  ) as result`,
};

export async function commitExecution(pool: Pool, commit: ExecutionCommit): Promise<'committed' | 'fenced'> {
  const { lease, sequence, events, execution, attempts, handledRequestIds } = commit;
  const chunks = packLogChunks(distinctChunks(commit.logChunks, (chunk) => ({ log: '', chunk })));
  const { rows } = await pool.query<{ result: 'committed' | 'fenced' }>({
    ...COMMIT,
    values: [
      lease.executionId,
      lease.workerId,
      lease.ticket,
      sequence,
      JSON.stringify(events),
      STATUS[execution.status].code,
      FINAL_EXECUTION_STATUSES.includes(execution.status),
      execution.startedAt,
      execution.endedAt,
      execution.updatedAt,
      execution.modifiedBy,
      ...attemptColumns(attempts),
      chunks?.nestedIds,
      chunks?.attempts,
      chunks?.starts,
      chunks?.lengths,
      chunks?.bytes,
      handledRequestIds.length === 0 ? null : handledRequestIds,
    ],
  });
  return rows[0]?.result ?? 'fenced';
}

/** One array per column; the last record of an attempt wins. */
function attemptColumns(attempts: readonly AttemptRecord[]): readonly unknown[] {
  if (attempts.length === 0) return Array<undefined>(7).fill(undefined);
  const latest = [...new Map(attempts.map((attempt) => [`${attempt.attempt}:${attempt.nestedId}`, attempt])).values()];
  return [
    latest.map(({ nestedId }) => nestedId),
    latest.map(({ attempt }) => attempt),
    latest.map(({ status }) => STATUS[status].code),
    latest.map(({ startedAt }) => startedAt),
    latest.map(({ endedAt }) => endedAt),
    latest.map(({ updatedAt }) => updatedAt),
    latest.map(({ outputs }) => outputs && JSON.stringify(outputs)),
  ];
}
