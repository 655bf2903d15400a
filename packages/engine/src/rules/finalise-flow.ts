import { isFinished, type Properties, type Status } from '@lockstep/domain';
import { nodeState, planNode, type Step } from '../step.js';
import { finishNode } from './finish-node.js';

/**
 * Ends a flow, embedded or the execution itself, whose nodes have all finished. When nothing has failed the flow,
 * its end nodes alone decide: a false condition there makes it KILLED although nobody killed anything (Azkaban's way).
 */
export function finaliseFlow(step: Step, index: number): void {
  const flow = nodeState(step, index);
  flow.outputs = mergedOutputs(step, index);
  finishNode(step, index, finalStatus(flow.status, flow.badEnds > 0));
  if (index === 0) step.commands.push({ type: 'notify', about: 'finished' }, { type: 'finish-execution' });
}

/** Harmless for a flow that is not through, or has ended. */
export function finaliseFlowIfThrough(step: Step, index: number): void {
  const { status, pendingChildren } = nodeState(step, index);
  if (pendingChildren === 0 && !isFinished(status)) finaliseFlow(step, index);
}

function finalStatus(before: Status, badEnd: boolean): Status {
  if (before === 'FAILED_FINISHING') return 'FAILED';
  if (before === 'KILLING') return 'KILLED';
  return badEnd ? 'KILLED' : 'SUCCEEDED';
}

function mergedOutputs(step: Step, index: number): Properties | undefined {
  let merged: Record<string, string> | undefined;
  for (const end of planNode(step, index).endNodes) {
    const { outputs } = nodeState(step, end);
    if (outputs === undefined) continue;
    merged ??= Object.create(null) as Record<string, string>;
    for (const [key, value] of Object.entries(outputs)) merged[key] = value;
  }
  return merged;
}
