import { DomainError } from '@lockstep/domain';
import type { User } from '@lockstep/domain';
import type { ServiceContext } from '../context.js';
import { assertRunning } from './assert-running.js';
import { findPermittedExecution } from './find-execution.js';

/**
 * EXECUTE. Runs the failed jobs of an execution again while it is alive. Throws `execution.already-finished` for one
 * that has FAILED or SUCCEEDED, `execution.not-running` for one that has ended otherwise, and as `findExecution` does.
 */
export async function retryFailedJobs(context: ServiceContext, user: User, id: number): Promise<void> {
  const execution = await findPermittedExecution(context, { user, id, permission: 'EXECUTE' });
  if (execution.status === 'FAILED' || execution.status === 'SUCCEEDED') {
    throw new DomainError('execution.already-finished', { execution: id, flow: execution.flowId });
  }
  assertRunning(execution);
  await context.stores.executions.addRequest({
    executionId: id,
    kind: 'retry-failed',
    user: user.name,
    at: context.clock.now(),
  });
}
