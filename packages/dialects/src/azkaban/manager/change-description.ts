import type { JsonObject } from '../../kit/pretty-json.js';
import type { ManagerCall } from '../ajax-action.js';

export async function changeDescription({ parameters, project, services, user }: ManagerCall): Promise<JsonObject> {
  await services.projects.changeDescription(user, project, parameters.required('description'));
  return { project: project.name, projectId: project.id };
}
