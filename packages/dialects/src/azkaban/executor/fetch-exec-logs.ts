import { DomainError } from '@lockstep/domain';
import type { LogSlice } from '@lockstep/services';
import { escapeLogText } from '../../kit/escape-html.js';
import type { JsonObject } from '../../kit/pretty-json.js';
import type { ExecutionCall } from '../ajax-action.js';

/** The flow's own log. */
export async function fetchExecFlowLogs({
  executionId,
  parameters,
  services,
  user,
}: ExecutionCall): Promise<JsonObject> {
  const offset = parameters.requiredInt('offset');
  const length = parameters.requiredInt('length');
  const range = { offset: Math.max(offset, 0), length: Math.max(length, 0) };
  return renderSlice(await services.logs.flowLog(user, { executionId, ...range }));
}

/** The log of a job's attempt (default: the current one). A job that has not started has an empty log. */
export async function fetchExecJobLogs({
  executionId,
  parameters,
  services,
  user,
}: ExecutionCall): Promise<JsonObject> {
  const nestedId = parameters.required('jobId');
  const offset = Math.max(parameters.requiredInt('offset'), 0);
  const length = Math.max(parameters.requiredInt('length'), 0);
  const attempt = parameters.int('attempt', -1);
  try {
    const log = { executionId, nestedId, offset, length, ...(attempt >= 0 && { attempt }) };
    return renderSlice(await services.logs.jobLog(user, log));
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'attempt.log-missing') throw error;
    return renderSlice({ offset, length: 0, text: '' });
  }
}

/** `offset` and `length` count the bytes of the log, not those of the escaped text. */
function renderSlice({ length, offset, text }: LogSlice): JsonObject {
  return { length, offset, data: escapeLogText(text) };
}
