import type { FlowDefinition, NodeDefinition, ProjectDefinition } from '@lockstep/domain';
import type { JsonObject } from '../../kit/pretty-json.js';

/** The nodes of a flow as `fetchflowgraph` shows them, embedded flows nested to any depth. */
export function renderNodes({ nodes }: FlowDefinition, definition: ProjectDefinition): readonly JsonObject[] {
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
