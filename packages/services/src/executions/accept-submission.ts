import { DomainError } from '@lockstep/domain';
import type { Execution, Stores } from '@lockstep/domain';
import type { ServiceContext } from '../context.js';
import type { Accepted } from '../services.js';
import { decideConcurrency } from './decide-concurrency.js';
import type { Submission } from './prepare-submission.js';

/**
 * Inside a transaction: decides what other executions of the flow mean for this one, and stores it. Under a lock on the
 * flow: of two submissions at once, the second sees the first. Nothing has been written when it throws
 * `execution.already-running`, `execution.too-many-runs` or `execution.queue-full`.
 */
export async function acceptSubmission(
  { clock, limits }: Pick<ServiceContext, 'clock' | 'limits'>,
  stores: Stores,
  submission: Submission,
): Promise<Accepted> {
  const { projectId, projectName: project, flowId: flow } = submission;
  await stores.executions.lockFlow(projectId, flow);
  await assertRoomInQueue(stores, { project, flow, limit: limits.queueSize });

  const running = await stores.executions.unfinishedOfFlow(projectId, flow);
  const limit = runLimitOf({ project, flow, limits });
  const decided = decideConcurrency({ options: submission.options, running, limit });
  if (decided.decision === 'refuse') {
    throw new DomainError(`execution.${decided.because}`, { project, flow, limit });
  }

  const stored = { ...submission, options: decided.options, submittedAt: clock.now() };
  const id = await stores.executions.insert(stored);
  await stores.executions.addWaits(id, { on: decided.waitFor, needsSuccess: false });
  const execution: Execution = { ...stored, id, status: 'PREPARING', updatedAt: stored.submittedAt };
  return { execution, concurrentWith: running };
}

async function assertRoomInQueue(
  { executions }: Stores,
  { project, flow, limit }: { project: string; flow: string; limit: number },
): Promise<void> {
  if ((await executions.countWaiting()) < limit) return;
  throw new DomainError('execution.queue-full', { project, flow, limit });
}

function runLimitOf({
  project,
  flow,
  limits,
}: {
  project: string;
  flow: string;
  limits: ServiceContext['limits'];
}): number {
  const exception = limits.concurrentRunsWhitelist.find(
    (candidate) => candidate.project === project && candidate.flow === flow,
  );
  return exception?.limit ?? limits.maxConcurrentRunsOneFlow;
}
