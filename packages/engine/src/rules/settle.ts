import type { Step, Work } from '../step.js';
import { actOnDeferred } from './act-on-deferred.js';
import { examine } from './examine.js';
import { finaliseFlowIfThrough } from './finalise-flow.js';
import { tellDependants } from './tell-dependants.js';

/** Works through all that follows from an event, first come first served, until nothing more does. */
export function settle(step: Step): void {
  for (let next = 0; next < step.work.length; next += 1) carryOut(step, step.work[next] as Work);
  step.work.length = 0;
}

function carryOut(step: Step, work: Work): void {
  switch (work.kind) {
    case 'examine':
      return examine(step, work.node);
    case 'tell':
      return tellDependants(step, work.node);
    case 'end-flow':
      return finaliseFlowIfThrough(step, work.node);
    case 'act-on-deferred':
      return actOnDeferred(step, work.node);
  }
}
