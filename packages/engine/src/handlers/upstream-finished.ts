import type { EventOf } from '@lockstep/domain';
import { nodeState, type Step } from '../step.js';
import { waitForSlot } from '../rules/queue-job.js';

/** The older execution of a pipeline has got further, or has ended, which ends every wait. */
export function upstreamFinished(step: Step, event: EventOf<'upstream.finished'>): void {
  const { state } = step;
  for (const nestedId of event.ended ? [...state.upstreamWaiters.keys()] : event.nestedIds) {
    if (!event.ended && state.upstreamFinished.has(nestedId)) continue;
    const waiters = state.upstreamWaiters.get(nestedId) ?? [];
    state.upstreamWaiters.delete(nestedId);
    for (const index of waiters) stopWaiting(step, index);
  }
  for (const nestedId of event.nestedIds) state.upstreamFinished.add(nestedId);
  if (event.ended) state.upstreamEnded = true;
}

function stopWaiting(step: Step, index: number): void {
  const node = nodeState(step, index);
  node.pendingUpstream -= 1;
  if (node.pendingUpstream === 0 && node.status === 'QUEUED' && node.waiting === 'upstream') waitForSlot(step, index);
}
