import { isFinished, type RetryPolicy } from '@lockstep/domain';
import { nodeState, planNode, recordOf, setStatus, toExamine, toTell, type Step } from '../step.js';
import { killExecution } from './kill-execution.js';

/**
 * What follows from an attempt that has ended FAILED (or KILLED by an SLA): another attempt, or the failure of the
 * flow and its failure action. The node's dependants are told afterwards, except when it is tried again.
 */
export function handleFailure(step: Step, index: number, policy: RetryPolicy | undefined): void {
  if (mayRetry(step, index, policy)) return retry(step, index, policy?.backoffMs ?? 0);
  if (failsTheFlow(step, index)) failFlows(step, index);
  toTell(step, index);
}

/** Whether the attempt that has just failed is not the last one. */
export function mayRetry(step: Step, index: number, policy: RetryPolicy | undefined): boolean {
  return policy !== undefined && policy.retries > nodeState(step, index).attempt;
}

function retry(step: Step, index: number, backoffMs: number): void {
  step.closed.push(recordOf(step.plan, step.state, index));
  const node = nodeState(step, index);
  node.attempt += 1;
  node.backoffMs = backoffMs;
  node.startedAt = undefined;
  node.endedAt = undefined;
  node.outputs = undefined;
  setStatus(step, index, 'READY');
  toExamine(step, index);
}

/** Dependants that all say with a macro what they want to happen leave the flow unharmed. */
export function failsTheFlow(step: Step, index: number): boolean {
  const { dependants } = planNode(step, index);
  if (dependants.length === 0) return true;
  return dependants.some(
    (dependant) => (planNode(step, dependant).condition?.macro ?? 'all_success') === 'all_success',
  );
}

function failFlows(step: Step, index: number): void {
  const killedBySla = nodeState(step, index).status === 'KILLED';
  for (let flow = planNode(step, index).parent; flow !== undefined; flow = planNode(step, flow).parent) {
    const { status } = nodeState(step, flow);
    if (isFinished(status) || status === 'KILLING') continue;
    if (status === 'FAILED_FINISHING' && !killedBySla) continue;
    setStatus(step, flow, killedBySla ? 'KILLING' : 'FAILED_FINISHING');
  }
  if (!step.state.failed) step.commands.push({ type: 'notify', about: 'first-failure' });
  step.state.failed = true;
  if (step.plan.failureAction === 'CANCEL_ALL') killExecution(step);
}
