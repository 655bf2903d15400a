import type { JsonObject } from '../../kit/pretty-json.js';
import type { ManagerCall } from '../ajax-action.js';
import { parseExecutionOptions } from '../executor/parse-execution-options.js';
import { renderExplanation } from '../render-explanation.js';

/** Not in Azkaban: what a job would see if its flow were submitted with the options of this request, and why. */
export async function explainJobOfFlow({ parameters, project, services, user }: ManagerCall): Promise<JsonObject> {
  const flowId = parameters.required('flow');
  const nestedId = parameters.required('job');
  const explanation = await services.projects.explainJob(user, {
    projectName: project.name,
    flowId,
    nestedId,
    options: parseExecutionOptions(parameters),
  });
  return {
    project: project.name,
    projectId: project.id,
    flow: flowId,
    job: nestedId,
    ...renderExplanation(explanation),
  };
}
