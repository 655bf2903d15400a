import { nodeState, rootState, setStatus, type Step } from '../step.js';
import { finishNode } from './finish-node.js';
import { releaseDeferred } from './release-deferred.js';

/**
 * Kills everything that is under way. Jobs that merely wait are KILLED on the spot; running ones are asked to stop and
 * end KILLED when they do; nodes not reached yet become CANCELLED (disabled ones SKIPPED) as their turn comes.
 */
export function killExecution(step: Step): void {
  const { state } = step;
  if (state.killed) return;
  state.killed = true;
  state.paused = false;
  const neverStarted = rootState(step).startedAt === undefined;
  setStatus(step, 0, 'KILLING');
  if (neverStarted) return endUnstarted(step);
  state.nodes.forEach((node, index) => {
    if (index === 0 || step.plan.nodes[index]?.kind === 'flow') return;
    if (node.status === 'QUEUED') killWaiting(step, index);
    if (node.status === 'RUNNING') {
      setStatus(step, index, 'KILLING');
      step.commands.push({ type: 'kill-node', node: index, attempt: node.attempt });
    }
  });
  releaseDeferred(step);
}

function killWaiting(step: Step, index: number): void {
  const node = nodeState(step, index);
  if (node.waiting === 'timer') step.commands.push({ type: 'disarm-timer', node: index, attempt: node.attempt });
  node.startedAt = step.at;
  finishNode(step, index, 'KILLED');
}

/** Killed before it began: the execution is KILLED, its jobs stay READY. */
function endUnstarted(step: Step): void {
  step.state.deferred.length = 0;
  finishNode(step, 0, 'KILLED');
  step.commands.push({ type: 'notify', about: 'finished' }, { type: 'finish-execution' });
}
