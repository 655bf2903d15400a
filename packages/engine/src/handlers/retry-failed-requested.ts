import { isFailure, isFinished, isSuccess, type EventOf } from '@lockstep/domain';
import { nodeState, planNode, recordOf, setStatus, toExamine, type Step } from '../step.js';
import { resumeExecution } from '../rules/resume-execution.js';
import { settle } from '../rules/settle.js';

/**
 * Tries again what has failed, while the execution is alive: FAILED and KILLED jobs get another attempt, CANCELLED nodes
 * are READY and SKIPPED ones DISABLED again, embedded flows that failed are entered. What succeeded stays. An execution
 * that is being killed stays killed.
 */
export function retryFailedRequested(step: Step, _event: EventOf<'retry-failed.requested'>): void {
  if (step.state.killed || nodeState(step, 0).startedAt === undefined) return;
  resumeExecution(step);
  settle(step);
  if (isFinished(nodeState(step, 0).status)) return;
  step.state.failed = false;
  const reset = resetFlow(step, 0);
  for (const index of reset) toExamine(step, index);
}

/** Resets what has failed inside a flow, and counts its dependencies anew. Returns the nodes that may start now. */
function resetFlow(step: Step, flow: number): readonly number[] {
  setStatus(step, flow, 'RUNNING');
  nodeState(step, flow).endedAt = undefined;
  const startable: number[] = [];
  const { children } = planNode(step, flow);
  for (const child of children) startable.push(...resetNode(step, child));
  for (const child of children) recount(step, child);
  recountEnds(step, flow);
  return [...startable, ...children];
}

function resetNode(step: Step, index: number): readonly number[] {
  const node = nodeState(step, index);
  const isFlow = planNode(step, index).kind === 'flow';
  if (node.status === 'SKIPPED') reopen(step, index, 'DISABLED');
  else if (node.status === 'CANCELLED') reopen(step, index, 'READY');
  else if (isFlow && (node.status === 'FAILED' || node.status === 'FAILED_FINISHING' || node.status === 'KILLED')) {
    return resetFlow(step, index);
  } else if (!isFlow && (node.status === 'FAILED' || node.status === 'KILLED')) {
    step.closed.push(recordOf(step.plan, step.state, index));
    node.attempt += 1;
    reopen(step, index, 'READY');
  }
  return [];
}

function reopen(step: Step, index: number, status: 'READY' | 'DISABLED'): void {
  const node = nodeState(step, index);
  node.startedAt = undefined;
  node.endedAt = undefined;
  node.outputs = undefined;
  setStatus(step, index, status);
}

function recount(step: Step, index: number): void {
  const node = nodeState(step, index);
  const statuses = planNode(step, index).dependencies.map((dependency) => nodeState(step, dependency).status);
  node.pendingDependencies = statuses.filter((status) => !isFinished(status)).length;
  node.successfulDependencies = statuses.filter(isSuccess).length;
  node.failedDependencies = statuses.filter(isFailure).length;
}

function recountEnds(step: Step, flow: number): void {
  const node = nodeState(step, flow);
  const statuses = planNode(step, flow).endNodes.map((end) => nodeState(step, end).status);
  node.pendingEnds = statuses.filter((status) => !isFinished(status)).length;
  node.badEnds = statuses.filter(isFailure).length;
}
