import { isFinished, type Status } from '@lockstep/domain';
import { nodeState, planNode, type Step } from '../step.js';
import { conditionHolds } from './condition-holds.js';
import { finishNode } from './finish-node.js';
import { startFlow } from './start-flow.js';
import { queueJob } from './queue-job.js';

/** Statuses of a node that is on its way already. */
const UNDER_WAY: ReadonlySet<Status> = new Set(['QUEUED', 'RUNNING', 'FAILED_FINISHING', 'KILLING']);

/**
 * Decides about a node whose dependencies may be through. The order of the tests is Azkaban's, the first that holds
 * wins: a disabled node is SKIPPED even when its dependencies failed; nothing starts after a failure under "finish
 * currently running", nor during a kill; then the condition (or plain success of all dependencies) decides.
 */
export function examine(step: Step, index: number): void {
  const { state, plan } = step;
  const node = nodeState(step, index);
  if (isFinished(node.status) || UNDER_WAY.has(node.status)) return;
  if (node.pendingDependencies > 0) return;
  if (node.status === 'DISABLED') return skip(step, index);
  if (state.failed && plan.failureAction === 'FINISH_CURRENTLY_RUNNING') return cancelNode(step, index);
  if (state.killed) return cancelNode(step, index);
  if (!conditionHolds(step, index)) return cancelNode(step, index);
  if (planNode(step, index).kind === 'flow') return startFlow(step, index);
  return queueJob(step, index);
}

/** SKIPPED and CANCELLED nodes begin and end at once, so that an end is never before its start. */
function skip(step: Step, index: number): void {
  nodeState(step, index).startedAt = step.at;
  finishNode(step, index, 'SKIPPED');
}

function cancelNode(step: Step, index: number): void {
  nodeState(step, index).startedAt = step.at;
  finishNode(step, index, 'CANCELLED');
}
