import type { User } from '@lockstep/domain';
import type { ServiceContext } from '../context.js';
import { findExecution } from '../executions/find-execution.js';
import type { LogSlice } from '../services.js';

/** READ. A piece of the flow log; empty while there is none. Throws as `findExecution` does. */
export async function readFlowLog(
  context: ServiceContext,
  user: User,
  { executionId, offset, length }: { executionId: number; offset: number; length: number },
): Promise<LogSlice> {
  await findExecution(context, user, executionId);
  return context.logReader.readSlice({ executionId, nestedId: '', attempt: 0 }, { offset, length });
}
