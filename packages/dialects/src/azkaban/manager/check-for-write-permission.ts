import type { JsonObject } from '../../kit/pretty-json.js';
import type { ManagerCall } from '../ajax-action.js';

export async function checkForWritePermission({ project, services, user }: ManagerCall): Promise<JsonObject> {
  return {
    project: project.name,
    projectId: project.id,
    hasWritePermission: services.projects.can(user, 'WRITE', project),
  };
}
