import type { EventOf } from '@lockstep/domain';
import { rootState, setStatus, type Step } from '../step.js';

/** Running jobs go on, queued ones too; nothing else is examined until the resume. */
export function pauseRequested(step: Step, _event: EventOf<'pause.requested'>): void {
  if (step.state.paused || step.state.killed) return;
  step.state.paused = true;
  step.state.statusBeforePause = rootState(step).status;
  setStatus(step, 0, 'PAUSED');
}
