import type { AjaxCall } from '../ajax-action.js';
import type { JsonObject } from '../../kit/pretty-json.js';
import { renderProject } from './render-project.js';

/** Projects of `user`, or of whoever asks when that is empty or absent. */
export async function fetchUserProjects({ parameters, services, user }: AjaxCall): Promise<JsonObject> {
  const name = parameters.get('user') || user.name;
  return { projects: (await services.projects.listOfUser(name)).map(renderProject) };
}
