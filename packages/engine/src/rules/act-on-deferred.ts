import { nodeState, toTell, type Step } from '../step.js';
import { handleFailure } from './handle-failure.js';
import { startFlow } from './start-flow.js';

/** Acts on a node that finished during a pause, or (the root) starts what should have started during it. */
export function actOnDeferred(step: Step, index: number): void {
  if (index === 0) return startFlow(step, 0);
  const node = nodeState(step, index);
  const failure = node.deferredFailure;
  node.deferredFailure = undefined;
  if (failure === undefined) toTell(step, index);
  else handleFailure(step, index, failure === 'none' ? undefined : failure);
}
