import { DomainError } from '@lockstep/domain';
import type { JsonObject } from '../../kit/pretty-json.js';
import type { ExecutionCall } from '../ajax-action.js';
import { EXECUTOR_TEXTS, wording } from '../messages.js';

/** Success is an empty object, also when there was nothing left to do. */
export async function cancelFlow({ executionId, services, user }: ExecutionCall): Promise<JsonObject> {
  await services.executions.cancel(user, executionId);
  return {};
}

export async function pauseFlow({ executionId, services, user }: ExecutionCall): Promise<JsonObject> {
  await services.executions.pause(user, executionId);
  return {};
}

/** A failure comes under `resume`, which is Azkaban's key, and under `error`, which its document promises. */
export async function resumeFlow({ executionId, services, user }: ExecutionCall): Promise<JsonObject> {
  try {
    await services.executions.resume(user, executionId);
    return {};
  } catch (error) {
    if (!(error instanceof DomainError) || error.kind !== 'conflict') throw error;
    const text = wording(error, EXECUTOR_TEXTS);
    return { resume: text, error: text };
  }
}

export async function retryFailedJobs({ executionId, services, user }: ExecutionCall): Promise<JsonObject> {
  await services.executions.retryFailed(user, executionId);
  return {};
}
