import type { Properties, RetryPolicy, Status } from '@lockstep/domain';
import { nodeState, setStatus, toTell, type Step } from '../step.js';
import { failsTheFlow, handleFailure, mayRetry } from './handle-failure.js';
import { resumeExecution } from './resume-execution.js';

/** How an attempt has ended, as its process tells. */
export interface AttemptEnd {
  readonly node: number;
  readonly attempt: number;
  readonly result: 'succeeded' | 'failed' | 'killed-by-sla';
  readonly outputs?: Properties;
  readonly policy?: RetryPolicy;
}

/**
 * Takes in the end of a running attempt. Whatever its exit code, a job that was being killed ends KILLED. During a pause
 * the status is noted and what follows from it waits for the resume. An attempt that is not running any more is ignored.
 */
export function endAttempt(step: Step, end: AttemptEnd): void {
  const node = nodeState(step, end.node);
  if (node.attempt !== end.attempt || (node.status !== 'RUNNING' && node.status !== 'KILLING')) return;
  const status = endStatus(step, end);
  step.state.runningJobs -= 1;
  node.endedAt = step.at;
  if (status === 'SUCCEEDED') node.outputs = end.outputs;
  setStatus(step, end.node, status);
  const failed = status === 'FAILED' || (status === 'KILLED' && end.result === 'killed-by-sla' && !step.state.killed);
  if (step.state.paused) return defer(step, end, failed);
  if (failed) handleFailure(step, end.node, end.policy);
  else toTell(step, end.node);
}

function endStatus(step: Step, end: AttemptEnd): Status {
  if (step.state.killed || nodeState(step, end.node).status === 'KILLING') return 'KILLED';
  if (end.result === 'succeeded') return 'SUCCEEDED';
  if (end.result === 'killed-by-sla') return 'KILLED';
  return end.policy?.succeedOnFailure === true ? 'FAILED_SUCCEEDED' : 'FAILED';
}

function defer(step: Step, end: AttemptEnd, failed: boolean): void {
  nodeState(step, end.node).deferredFailure = failed ? (end.policy ?? 'none') : undefined;
  step.state.deferred.push(end.node);
  // CANCEL_ALL does not wait for the resume: a failure that fails the flow ends the pause, and kills.
  if (!failed || step.plan.failureAction !== 'CANCEL_ALL') return;
  if (!mayRetry(step, end.node, end.policy) && failsTheFlow(step, end.node)) resumeExecution(step);
}
