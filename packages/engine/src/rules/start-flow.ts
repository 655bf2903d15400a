import { nodeState, planNode, setStatus, toExamine, type Step } from '../step.js';
import { finaliseFlow } from './finalise-flow.js';

/** Starts the execution or an embedded flow: its first nodes are examined. One without nodes succeeds at once. */
export function startFlow(step: Step, index: number): void {
  const flow = nodeState(step, index);
  flow.startedAt ??= step.at;
  // A kill may have come before a start that a pause had put off: then nothing in it runs.
  if (flow.status !== 'KILLING') setStatus(step, index, 'RUNNING');
  const { startNodes, children } = planNode(step, index);
  if (children.length === 0) return finaliseFlow(step, index);
  for (const start of startNodes) toExamine(step, start);
}
