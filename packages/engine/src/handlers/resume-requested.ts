import type { EventOf } from '@lockstep/domain';
import type { Step } from '../step.js';
import { resumeExecution } from '../rules/resume-execution.js';

export function resumeRequested(step: Step, _event: EventOf<'resume.requested'>): void {
  resumeExecution(step);
}
