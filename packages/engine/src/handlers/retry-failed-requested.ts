import { isFailure, isFinished, isSuccess, type EventOf, type Status } from '@lockstep/domain';
import { nodeState, planNode, recordOf, rootState, setStatus, toExamine, type Step } from '../step.js';
import { actOnDeferred } from '../rules/act-on-deferred.js';
import { resumeExecution } from '../rules/resume-execution.js';

/** Statuses of embedded flows that are entered. One an SLA has marked is KILLING until its jobs are through. */
const FAILED_FLOW: ReadonlySet<Status> = new Set(['FAILED', 'FAILED_FINISHING', 'KILLED', 'KILLING']);

/**
 * Tries again what has failed, while the execution is alive: FAILED and KILLED jobs get another attempt, CANCELLED nodes
 * are READY and SKIPPED ones DISABLED again, embedded flows that failed are entered. What succeeded stays. A pause ends:
 * its results are taken in first. An execution that is being killed stays killed.
 */
export function retryFailedRequested(step: Step, _event: EventOf<'retry-failed.requested'>): void {
  const { state } = step;
  if (state.killed || rootState(step).startedAt === undefined) return;
  if (state.deferred.includes(0)) return resumeExecution(step);
  state.paused = false;
  for (const index of state.deferred.splice(0)) actOnDeferred(step, index);
  const fromPause = step.work.splice(0);
  state.failed = false;
  setStatus(step, 0, 'RUNNING');
  const entered = new Set<number>();
  resetFlow(step, 0, entered);
  // Inside the flows entered everything has been counted anew and is looked at anyway.
  step.work.push(...fromPause.filter(({ node }) => !entered.has(planNode(step, node).parent ?? 0)));
}

/** Resets what has failed inside a flow and counts everything in it anew; then all its nodes are looked at. */
function resetFlow(step: Step, flow: number, entered: Set<number>): void {
  entered.add(flow);
  const { children } = planNode(step, flow);
  for (const child of children) resetNode(step, child, entered);
  for (const child of children) recountDependencies(step, child);
  recountChildren(step, flow);
  for (const child of children) toExamine(step, child);
  step.work.push({ kind: 'end-flow', node: flow });
}

function resetNode(step: Step, index: number, entered: Set<number>): void {
  const node = nodeState(step, index);
  node.backoffMs = 0;
  if (node.status === 'SKIPPED') return reopen(step, index, 'DISABLED');
  if (node.status === 'CANCELLED') return reopen(step, index, 'READY');
  if (planNode(step, index).kind === 'flow') return resetEmbeddedFlow(step, index, entered);
  if (node.status !== 'FAILED' && node.status !== 'KILLED') return;
  step.closed.push(recordOf(step.plan, step.state, index));
  node.attempt += 1;
  reopen(step, index, 'READY');
}

function resetEmbeddedFlow(step: Step, index: number, entered: Set<number>): void {
  const node = nodeState(step, index);
  if (!FAILED_FLOW.has(node.status)) return;
  node.endedAt = undefined;
  setStatus(step, index, 'RUNNING');
  resetFlow(step, index, entered);
}

function reopen(step: Step, index: number, status: 'READY' | 'DISABLED'): void {
  const node = nodeState(step, index);
  node.startedAt = undefined;
  node.endedAt = undefined;
  node.outputs = undefined;
  node.backoffMs = 0;
  setStatus(step, index, status);
}

function recountDependencies(step: Step, index: number): void {
  const node = nodeState(step, index);
  const statuses = statusesOf(step, planNode(step, index).dependencies);
  node.pendingDependencies = statuses.filter((status) => !isFinished(status)).length;
  node.successfulDependencies = statuses.filter(isSuccess).length;
  node.failedDependencies = statuses.filter(isFailure).length;
}

function recountChildren(step: Step, flow: number): void {
  const node = nodeState(step, flow);
  const { children, endNodes } = planNode(step, flow);
  node.pendingChildren = statusesOf(step, children).filter((status) => !isFinished(status)).length;
  node.badEnds = statusesOf(step, endNodes).filter(isFailure).length;
}

function statusesOf(step: Step, nodes: readonly number[]): readonly Status[] {
  return nodes.map((index) => nodeState(step, index).status);
}
