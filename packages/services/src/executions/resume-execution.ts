import type { User } from '@lockstep/domain';
import type { ServiceContext } from '../context.js';
import { assertRunning } from './assert-running.js';
import { findPermittedExecution } from './find-execution.js';

/**
 * EXECUTE. Ends a pause, also one that has been asked for and not begun; harmless when there is none.
 * Throws `execution.not-running`, and as `findExecution` does.
 */
export async function resumeExecution(context: ServiceContext, user: User, id: number): Promise<void> {
  assertRunning(await findPermittedExecution(context, { user, id, permission: 'EXECUTE' }));
  await context.stores.executions.addRequest({
    executionId: id,
    kind: 'resume',
    user: user.name,
    at: context.clock.now(),
  });
}
