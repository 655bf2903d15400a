import type { AjaxCall } from '../ajax-action.js';
import type { JsonObject } from '../../kit/pretty-json.js';
import { renderProject } from './render-project.js';

/** Every active project, whoever asks: Azkaban does not filter. */
export async function fetchAllProjects({ services }: AjaxCall): Promise<JsonObject> {
  return { projects: (await services.projects.listAll()).map(renderProject) };
}
