import { DomainError, isFinished } from '@lockstep/domain';
import type { AttemptRecord, User } from '@lockstep/domain';
import { explainJob, maskExplained, outputsToCome } from '@lockstep/props';
import type { ServiceContext } from '../context.js';
import type { ExecutionDetail, JobExplanation } from '../services.js';
import { jobNodeOf } from './job-node-of.js';
import { describeExecution } from './describe-execution.js';
import { workerDefaultsOf } from './worker-defaults-of.js';

/** READ. Throws `job.not-found`, `attempt.not-found`, and as `describeExecution` does. */
export async function explainJobOfExecution(
  context: ServiceContext,
  user: User,
  { executionId, nestedId, attempt }: { executionId: number; nestedId: string; attempt?: number },
): Promise<JobExplanation> {
  const detail = await describeExecution(context, user, executionId);
  const { execution, plan } = detail;
  const node = jobNodeOf(plan, nestedId, { execution: executionId });
  const record = attemptOf(detail, { index: node.index, attempt });
  const [definition, project, defaults] = await Promise.all([
    context.definitions.load(execution),
    context.stores.projects.findById(execution.projectId),
    workerDefaultsOf(context),
  ]);
  const request = {
    plan,
    node,
    definition,
    options: execution.options,
    execution,
    project: { modifiedBy: project?.modifiedBy ?? '', modifiedAt: project?.modifiedAt ?? 0 },
    attempt: record.attempt,
    ...(execution.startedAt !== undefined && { startedAt: execution.startedAt }),
    outputsOf: (index: number) => outputsAt(detail, index, record),
    isToCome: (index: number) =>
      record.startedAt === undefined && !isFinished(detail.current[index]?.status ?? 'READY'),
    globalProperties: defaults.globalProperties,
    pluginDefaults: defaults.pluginDefaultsOf(node.type),
    ...(defaults.webServerUrl !== undefined && { webServerUrl: defaults.webServerUrl }),
    timezone: defaults.timezone,
    now: record.startedAt ?? context.clock.now(),
  };
  return {
    flowId: execution.flowId,
    nestedId,
    attempt: record.attempt,
    properties: maskExplained(explainJob(request)),
    outputsToCome: outputsToCome(request),
  };
}

function attemptOf(
  { execution, plan, current, pastAttempts }: ExecutionDetail,
  { index, attempt }: { index: number; attempt: number | undefined },
): AttemptRecord {
  const latest = current[index] as AttemptRecord;
  if (attempt === undefined || attempt === latest.attempt) return latest;
  const past = pastAttempts.get(index)?.find((record) => record.attempt === attempt);
  if (past !== undefined) return past;
  const job = plan.nodes[index]?.nestedId ?? '';
  throw new DomainError('attempt.not-found', { execution: execution.id, job, attempt });
}

/** What a predecessor had put out when the attempt began: one that failed then may have succeeded since. */
function outputsAt({ current, pastAttempts }: ExecutionDetail, index: number, { startedAt = Infinity }: AttemptRecord) {
  const attempts = [...(pastAttempts.get(index) ?? []), current[index] as AttemptRecord];
  return attempts.findLast(({ endedAt = Infinity }) => endedAt <= startedAt)?.outputs;
}
