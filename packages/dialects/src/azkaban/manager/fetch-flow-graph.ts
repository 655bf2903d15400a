import type { FlowDefinition, NodeDefinition, ProjectDefinition } from '@lockstep/domain';
import type { JsonObject } from '../../kit/pretty-json.js';
import type { ManagerCall } from '../ajax-action.js';

/** Nodes of a flow with what they depend on, embedded flows nested to any depth. */
export async function fetchFlowGraph({ parameters, project, services, user }: ManagerCall): Promise<JsonObject> {
  const flow = await services.projects.flow(user, project, parameters.required('flow'));
  const definition = await services.projects.definition(user, project);
  return { nodes: renderNodes(flow, definition), project: project.name, projectId: project.id, flow: flow.id };
}

function renderNodes({ nodes }: FlowDefinition, definition: ProjectDefinition): readonly JsonObject[] {
  return nodes.toSorted((a, b) => compare(a.id, b.id)).map((node) => renderNode(node, definition));
}

function renderNode(node: NodeDefinition, definition: ProjectDefinition): JsonObject {
  const inner = node.embeddedFlowId === undefined ? undefined : definition.flows[node.embeddedFlowId];
  return {
    condition: node.condition,
    nodes: inner && renderNodes(inner, definition),
    in: node.dependsOn.length === 0 ? undefined : node.dependsOn.toSorted(compare),
    id: node.id,
    type: node.type,
    flowId: node.embeddedFlowId,
    flow: node.embeddedFlowId,
  };
}

/** By code units, as Java compares texts. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
