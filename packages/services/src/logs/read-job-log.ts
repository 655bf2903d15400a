import { DomainError } from '@lockstep/domain';
import type { AttemptRecord, Execution, User } from '@lockstep/domain';
import type { ServiceContext } from '../context.js';
import { findExecution } from '../executions/find-execution.js';
import type { LogSlice } from '../services.js';

/**
 * READ. A piece of the log of one attempt, by default of the current one. Throws `job.not-found`, `attempt.log-missing`
 * (that attempt has not started), and as `findExecution` does.
 */
export async function readJobLog(
  context: ServiceContext,
  user: User,
  {
    executionId,
    nestedId,
    attempt,
    offset,
    length,
  }: { executionId: number; nestedId: string; attempt?: number; offset: number; length: number },
): Promise<LogSlice> {
  const execution = await findExecution(context, user, executionId);
  await assertHasJob(context, { execution, nestedId });
  const record = await findAttempt(context, { execution, nestedId, attempt });
  if (record?.startedAt === undefined) {
    throw new DomainError('attempt.log-missing', { execution: executionId, job: nestedId });
  }
  return context.logReader.readSlice({ executionId, nestedId, attempt: record.attempt }, { offset, length });
}

async function assertHasJob(
  { plans }: ServiceContext,
  { execution, nestedId }: { execution: Execution; nestedId: string },
): Promise<void> {
  const { nodes } = await plans.planOf(execution);
  if (nestedId !== '' && nodes.some((node) => node.nestedId === nestedId)) return;
  throw new DomainError('job.not-found', { execution: execution.id, flow: execution.flowId, job: nestedId });
}

async function findAttempt(
  { stores }: ServiceContext,
  { execution, nestedId, attempt }: { execution: Execution; nestedId: string; attempt: number | undefined },
): Promise<AttemptRecord | undefined> {
  const records = (await stores.executions.attemptsOf(execution.id)).filter((record) => record.nestedId === nestedId);
  if (attempt !== undefined) return records.find((record) => record.attempt === attempt);
  return records.reduce<AttemptRecord | undefined>(
    (latest, record) => (latest === undefined || record.attempt > latest.attempt ? record : latest),
    undefined,
  );
}
