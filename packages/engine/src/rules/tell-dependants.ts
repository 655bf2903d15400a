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
  if (parent !== undefined && dependants.length === 0) countEnd(step, parent, status);
}

function countDependency(step: Step, index: number, status: Status): void {
  const node = nodeState(step, index);
  node.pendingDependencies -= 1;
  if (isSuccess(status)) node.successfulDependencies += 1;
  if (isFailure(status)) node.failedDependencies += 1;
}

function countEnd(step: Step, flow: number, status: Status): void {
  const node = nodeState(step, flow);
  node.pendingEnds -= 1;
  if (isFailure(status)) node.badEnds += 1;
  if (node.pendingEnds === 0) finaliseFlow(step, flow);
}
