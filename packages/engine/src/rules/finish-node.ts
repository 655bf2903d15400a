import type { Status } from '@lockstep/domain';
import { nodeState, setStatus, toTell, type Step } from '../step.js';

/** Gives a node its last status; who depends on it is told later (see `settle`). */
export function finishNode(step: Step, index: number, status: Status): void {
  const node = nodeState(step, index);
  node.endedAt = step.at;
  node.waiting = undefined;
  setStatus(step, index, status);
  toTell(step, index);
}
