import type { JsonObject } from '../../kit/pretty-json.js';
import type { ExecutionCall } from '../ajax-action.js';
import { renderExplanation } from '../render-explanation.js';

/** Not in Azkaban: what a job of an execution sees or has seen, and why. */
export async function explainJobOfExecution({
  executionId,
  parameters,
  services,
  user,
}: ExecutionCall): Promise<JsonObject> {
  const nestedId = parameters.required('jobId');
  const attempt = parameters.has('attempt') ? parameters.requiredInt('attempt') : undefined;
  const explanation = await services.executions.explainJob(user, {
    executionId,
    nestedId,
    ...(attempt !== undefined && { attempt }),
  });
  return { execid: executionId, flow: explanation.flowId, job: nestedId, ...renderExplanation(explanation) };
}
