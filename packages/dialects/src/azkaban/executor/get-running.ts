import type { JsonObject } from '../../kit/pretty-json.js';
import type { AjaxCall } from '../ajax-action.js';

/** Executions of a flow that have not ended. Without any the key is absent. */
export async function getRunning({ parameters, services, user }: AjaxCall): Promise<JsonObject> {
  const flow = { projectName: parameters.required('project'), flowId: parameters.required('flow') };
  const execIds = await services.executions.running(user, flow);
  return execIds.length === 0 ? {} : { execIds };
}
