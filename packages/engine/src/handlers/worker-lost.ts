import type { EventOf } from '@lockstep/domain';
import type { Step } from '../step.js';
import { endAttempt } from '../rules/end-attempt.js';

/** The attempts the lost worker ran count as failed; their policy says whether they are tried again. */
export function workerLost(step: Step, event: EventOf<'worker.lost'>): void {
  for (const { node, attempt, policy } of event.attempts) {
    endAttempt(step, { node, attempt, result: 'failed', ...(policy === undefined ? {} : { policy }) });
  }
}
