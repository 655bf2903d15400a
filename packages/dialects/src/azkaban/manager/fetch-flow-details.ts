import type { JsonObject } from '../../kit/pretty-json.js';
import type { ManagerCall } from '../ajax-action.js';

export async function fetchFlowDetails({ parameters, project, services, user }: ManagerCall): Promise<JsonObject> {
  const flow = await services.projects.flow(user, project, parameters.required('flow'));
  return {
    project: project.name,
    projectId: project.id,
    jobTypes: [...new Set(flow.nodes.map(({ type }) => type))],
  };
}
