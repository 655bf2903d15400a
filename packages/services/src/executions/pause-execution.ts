import { DomainError } from '@lockstep/domain';
import type { User } from '@lockstep/domain';
import type { ServiceContext } from '../context.js';
import { assertRunning } from './assert-running.js';
import { findPermittedExecution } from './find-execution.js';

/**
 * EXECUTE. No further job is started until it is resumed; those that run go on. Harmless when it is paused already.
 * Throws `execution.not-running`, `execution.cannot-pause` (it is being killed), and as `findExecution` does.
 */
export async function pauseExecution(context: ServiceContext, user: User, id: number): Promise<void> {
  const execution = await findPermittedExecution(context, { user, id, permission: 'EXECUTE' });
  assertRunning(execution);
  if (execution.status === 'KILLING') {
    throw new DomainError('execution.cannot-pause', { execution: id, status: execution.status });
  }
  await context.stores.executions.addRequest({
    executionId: id,
    kind: 'pause',
    user: user.name,
    at: context.clock.now(),
  });
}
