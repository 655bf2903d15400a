import { setStatus, type Step } from '../step.js';
import { releaseDeferred } from './release-deferred.js';

/** Ends a pause and acts on what happened during it. Harmless when there is none. */
export function resumeExecution(step: Step): void {
  const { state } = step;
  if (!state.paused) return;
  state.paused = false;
  setStatus(step, 0, state.statusBeforePause);
  releaseDeferred(step);
}
