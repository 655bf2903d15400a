import type { Execution, User } from '@lockstep/domain';
import type { ServiceContext } from '../context.js';
import { findExecution } from './find-execution.js';

/** READ. The execution, what it tries again and what has tried it again, oldest first; at least itself. */
export async function listChain(context: ServiceContext, user: User, id: number): Promise<readonly Execution[]> {
  const { retryRoot = id } = await findExecution(context, user, id);
  return context.stores.executions.retriesOf(retryRoot);
}
