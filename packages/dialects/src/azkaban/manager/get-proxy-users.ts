import type { JsonObject } from '../../kit/pretty-json.js';
import type { ManagerCall } from '../ajax-action.js';

export async function getProxyUsers({ project }: ManagerCall): Promise<JsonObject> {
  return { project: project.name, projectId: project.id, proxyUsers: project.proxyUsers };
}
