import type { EventOf } from '@lockstep/domain';
import type { Step } from '../step.js';
import { killExecution } from '../rules/kill-execution.js';

export function cancelRequested(step: Step, _event: EventOf<'cancel.requested'>): void {
  killExecution(step);
}
