import type { JsonObject } from '../../kit/pretty-json.js';
import type { ManagerCall } from '../ajax-action.js';

const DEFAULT_SIZE = 1000;

/** The project's event log, newest first. */
export async function fetchProjectLogs({ parameters, project, services, user }: ManagerCall): Promise<JsonObject> {
  const limit = Math.max(parameters.int('size', DEFAULT_SIZE), 0);
  const skip = Math.max(parameters.int('skip', 0), 0);
  const events = await services.projects.events(user, project, { skip, limit });
  return {
    columns: ['user', 'time', 'type', 'message'],
    logData: events.map((event) => [event.user, event.at, event.type, event.message ?? null]),
    project: project.name,
    projectId: project.id,
  };
}
