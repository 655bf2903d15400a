import type { JsonObject } from '../../kit/pretty-json.js';
import type { ManagerCall } from '../ajax-action.js';

/** `success` is a text, not a boolean. */
export async function fetchLastSuccessfulFlowExecution({
  parameters,
  project,
  services,
  user,
}: ManagerCall): Promise<JsonObject> {
  const flowId = parameters.required('flow');
  const execId = await services.executions.lastSuccessfulOfFlow(user, { projectName: project.name, flowId });
  return {
    success: execId === undefined ? 'false' : 'true',
    project: project.name,
    message: execId === undefined ? 'This flow has no successful run.' : '',
    projectId: project.id,
    execId,
  };
}
