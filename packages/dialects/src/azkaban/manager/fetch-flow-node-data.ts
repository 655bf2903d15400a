import type { JsonObject } from '../../kit/pretty-json.js';
import type { ManagerCall } from '../ajax-action.js';
import { findFlowOrFault } from './find-flow-or-fault.js';
import { renderNodes } from './render-nodes.js';

/** One node of a flow with its own properties, as written. An unknown flow is an HTTP 500, as clients expect. */
export async function fetchFlowNodeData(call: ManagerCall): Promise<JsonObject> {
  const { parameters, project, services, user } = call;
  const flow = await findFlowOrFault(call, parameters.required('flow'));
  const nodeId = parameters.required('node');
  const node = flow.nodes.find(({ id }) => id === nodeId);
  if (node === undefined) {
    return { project: project.name, error: `Job ${nodeId} doesn't exist.`, projectId: project.id };
  }
  const definition = await services.projects.definition(user, project);
  const inner = node.embeddedFlowId === undefined ? undefined : definition.flows[node.embeddedFlowId];
  return {
    nodes: inner && renderNodes(inner, definition),
    project: project.name,
    id: nodeId,
    type: node.type,
    projectId: project.id,
    flow: inner?.id ?? flow.id,
    props: definition.jobs[node.jobKey]?.properties ?? {},
  };
}
