import type { Step } from '../step.js';

/** A pause is over: what happened during it is acted on, in the order it happened. */
export function releaseDeferred(step: Step): void {
  for (const node of step.state.deferred.splice(0)) step.work.push({ kind: 'act-on-deferred', node });
}
