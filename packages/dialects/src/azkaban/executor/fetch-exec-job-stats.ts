import type { JsonObject } from '../../kit/pretty-json.js';
import type { ExecutionCall } from '../ajax-action.js';

/** Attachments that jobs leave for the statistics page; no job type leaves any, so always null. */
export async function fetchExecJobStats({
  executionId,
  parameters,
  services,
  user,
}: ExecutionCall): Promise<JsonObject> {
  const jobId = parameters.required('jobid');
  const { plan } = await services.executions.detail(user, executionId);
  const isKnown = plan.nodes.some(({ index, nestedId }) => index > 0 && nestedId === jobId);
  return isKnown ? { jobStats: null } : { error: `Job ${jobId} doesn't exist in ${executionId}` };
}
