import type { EventOf } from '@lockstep/domain';
import { nodeState, type Step } from '../step.js';
import { killExecution } from '../rules/kill-execution.js';
import { waitForUpstream } from '../rules/queue-job.js';

/** A retry's back-off is over; or, for the root, the execution has run for too long. */
export function timerFired(step: Step, event: EventOf<'timer.fired'>): void {
  if (event.node === 0) return killExecution(step);
  const node = nodeState(step, event.node);
  if (node.attempt !== event.attempt || node.status !== 'QUEUED' || node.waiting !== 'timer') return;
  waitForUpstream(step, event.node);
}
