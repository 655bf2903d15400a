import type { Execution } from '@lockstep/domain';
import type { ServiceContext } from '../context.js';
import { tellWorkers } from '../executions/tell-workers.js';
import { retryWhole } from './retry-whole.js';
import { startDownstream } from './start-downstream.js';

/** See `FollowUps.handleNext`. An end that cannot be dealt with is put off, so that it does not hold up the others. */
export async function handleNextEnd(context: ServiceContext): Promise<boolean> {
  let taken: number | undefined;
  try {
    const started = await context.unitOfWork.transaction(async (stores) => {
      taken = await stores.executionEnds.take();
      return taken === undefined ? [] : followUp({ ...context, stores }, taken);
    });
    for (const execution of started) tellWorkers(context, execution);
  } catch (error) {
    if (taken === undefined) throw error;
    context.log.warn({ err: error, executionId: taken }, 'What follows from an execution has to wait; trying again');
    await context.stores.executionEnds.putOff(taken);
  }
  return taken !== undefined;
}

/** The executions that are started; nothing of it holds before the transaction of `context.stores` commits. */
async function followUp(context: ServiceContext, id: number): Promise<readonly Execution[]> {
  const execution = await context.stores.executions.find(id);
  if (execution === undefined) return [];
  return execution.status === 'SUCCEEDED' ? startDownstream(context, execution) : retryWhole(context, execution);
}
