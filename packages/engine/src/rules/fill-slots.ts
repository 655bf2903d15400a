import type { ExecutionState } from '@lockstep/domain';
import { nodeState, setStatus, type Step } from '../step.js';

/** Forget the consumed front of the queue once it is this long and more than half of it. */
const COMPACT_ABOVE = 1_024;

/** Starts queued jobs, first in, first out, while slots are free. */
export function fillSlots(step: Step): void {
  const { state, plan } = step;
  while (state.runningJobs < plan.jobThreads) {
    const index = nextInLine(step);
    if (index === undefined) return;
    const node = nodeState(step, index);
    node.waiting = undefined;
    node.startedAt = step.at;
    setStatus(step, index, 'RUNNING');
    state.runningJobs += 1;
    step.commands.push({ type: 'start-node', node: index, attempt: node.attempt });
  }
}

/** A killed job stays in the line and is passed over. */
function nextInLine(step: Step): number | undefined {
  const { state } = step;
  while (state.slotQueueHead < state.slotQueue.length) {
    const index = state.slotQueue[state.slotQueueHead] as number;
    state.slotQueueHead += 1;
    compact(state);
    const node = nodeState(step, index);
    if (node.status === 'QUEUED' && node.waiting === 'slot') return index;
  }
  return undefined;
}

function compact(state: ExecutionState): void {
  if (state.slotQueueHead < COMPACT_ABOVE || state.slotQueueHead * 2 < state.slotQueue.length) return;
  state.slotQueue.splice(0, state.slotQueueHead);
  state.slotQueueHead = 0;
}
