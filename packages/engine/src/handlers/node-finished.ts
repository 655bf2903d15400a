import type { EventOf } from '@lockstep/domain';
import type { Step } from '../step.js';
import { endAttempt } from '../rules/end-attempt.js';

export function nodeFinished(step: Step, event: EventOf<'node.finished'>): void {
  endAttempt(step, event);
}
