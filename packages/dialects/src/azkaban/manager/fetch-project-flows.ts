import type { JsonObject } from '../../kit/pretty-json.js';
import type { ManagerCall } from '../ajax-action.js';

/** Flows that can be started; inner flows are part of their outer one. */
export async function fetchProjectFlows({ project, services, user }: ManagerCall): Promise<JsonObject> {
  const { flows } = await services.projects.definition(user, project);
  return {
    flows: Object.values(flows)
      .filter(({ embedded }) => !embedded)
      .map(({ id }) => ({ flowId: id })),
    project: project.name,
    projectId: project.id,
  };
}
