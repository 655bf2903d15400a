import type { JsonObject } from '../../kit/pretty-json.js';
import type { ManagerCall } from '../ajax-action.js';
import { renderNodes } from './render-nodes.js';

/** Nodes of a flow with what they depend on, embedded flows nested to any depth. */
export async function fetchFlowGraph({ parameters, project, services, user }: ManagerCall): Promise<JsonObject> {
  const flow = await services.projects.flow(user, project, parameters.required('flow'));
  const definition = await services.projects.definition(user, project);
  return { nodes: renderNodes(flow, definition), project: project.name, projectId: project.id, flow: flow.id };
}
