import { isFailure, isSuccess, type Status } from '@lockstep/domain';
import { nodeState, planNode, toExamine, type Step } from '../step.js';
import { finaliseFlow } from './finalise-flow.js';

/** Counts a finished node with those that depend on it, and with the flow it ends. Looks at nobody else. */
export function tellDependants(step: Step, index: number): void {
  const { status } = nodeState(step, index);
  const { dependants, parent } = planNode(step, index);
  for (const dependant of dependants) {
    countDependency(step, dependant, status);
    if (nodeState(step, dependant).pendingDependencies === 0) toExamine(step, dependant);
  }
  if (parent !== undefined) countChild(step, parent, { isEnd: dependants.length === 0, status });
}

function countDependency(step: Step, index: number, status: Status): void {
  const node = nodeState(step, index);
  node.pendingDependencies -= 1;
  if (isSuccess(status)) node.successfulDependencies += 1;
  if (isFailure(status)) node.failedDependencies += 1;
}

/**
 * A flow ends when all its children have finished. Azkaban looks at the end nodes alone; that is the same, since an end
 * node is the last of its branch, except after a retry by hand of a job whose dependants have succeeded all the same.
 */
function countChild(step: Step, flow: number, { isEnd, status }: { isEnd: boolean; status: Status }): void {
  const node = nodeState(step, flow);
  node.pendingChildren -= 1;
  if (isEnd && isFailure(status)) node.badEnds += 1;
  if (node.pendingChildren === 0) finaliseFlow(step, flow);
}
