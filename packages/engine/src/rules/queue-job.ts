import { nodeState, planNode, setStatus, type Step } from '../step.js';

/**
 * Hands a job over: QUEUED until its back-off has passed, the older execution of a pipeline has got far enough, and a
 * job slot is free. Only a running job holds a slot (in Azkaban waiting ones hold a thread).
 */
export function queueJob(step: Step, index: number): void {
  const node = nodeState(step, index);
  setStatus(step, index, 'QUEUED');
  if (node.backoffMs > 0) return waitForTimer(step, index);
  waitForUpstream(step, index);
}

/** A job whose timer has fired, or which had none. */
export function waitForUpstream(step: Step, index: number): void {
  const { state } = step;
  const pending = state.upstreamEnded
    ? []
    : planNode(step, index).waitsFor.filter((nestedId) => !state.upstreamFinished.has(nestedId));
  if (pending.length === 0) return waitForSlot(step, index);
  const node = nodeState(step, index);
  node.waiting = 'upstream';
  node.pendingUpstream = pending.length;
  for (const nestedId of pending) {
    const waiters = state.upstreamWaiters.get(nestedId);
    if (waiters === undefined) state.upstreamWaiters.set(nestedId, [index]);
    else waiters.push(index);
  }
}

export function waitForSlot(step: Step, index: number): void {
  nodeState(step, index).waiting = 'slot';
  step.state.slotQueue.push(index);
}

function waitForTimer(step: Step, index: number): void {
  const node = nodeState(step, index);
  node.waiting = 'timer';
  node.dueAt = step.at + node.backoffMs;
  node.backoffMs = 0;
  step.commands.push({ type: 'arm-timer', node: index, attempt: node.attempt, at: node.dueAt });
}
