import type { User } from '@lockstep/domain';
import type { ServiceContext } from '../context.js';
import { assertRunning } from './assert-running.js';
import { findPermittedExecution } from './find-execution.js';

/**
 * EXECUTE. Ends an execution that no worker has taken at once; the worker of any other is asked to kill it. May be said
 * again while it runs. Throws `execution.not-running` once it has ended, and as `findExecution` does.
 */
export async function cancelExecution(context: ServiceContext, user: User, id: number): Promise<void> {
  assertRunning(await findPermittedExecution(context, { user, id, permission: 'EXECUTE' }));

  const { executions } = context.stores;
  const change = { user: user.name, at: context.clock.now() };
  if (await executions.killUnstarted(id, change)) return;
  // A worker has taken it in the meantime, or it has ended by itself.
  assertRunning(await findPermittedExecution(context, { user, id, permission: 'EXECUTE' }));
  await executions.addRequest({ executionId: id, kind: 'cancel', ...change });
}
