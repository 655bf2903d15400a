import { DomainError } from '@lockstep/domain';
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
  const { execution, plan } = await services.executions.detail(user, executionId);
  const isKnown = plan.nodes.some(({ index, nestedId }) => index > 0 && nestedId === jobId);
  if (isKnown) return { jobStats: null };
  throw new DomainError('job.not-found', { execution: executionId, flow: execution.flowId, job: jobId });
}
