import { buildGraph, levelsOf } from '@lockstep/dag';
import type { FlowDefinition } from '@lockstep/domain';
import type { LoadLimits } from '../load-options.js';
import type { Problems } from '../problems.js';

/**
 * Checks names against Azkaban's columns and what a flow grows to once every embedded flow in it is a copy of its own: thirty
 * flows that each embed the next one twice are a thousand million jobs. The flows must not embed each other in a circle.
 */
export function checkExpandedSize(
  flows: ReadonlyMap<string, FlowDefinition>,
  { limits, problems }: { readonly limits: LoadLimits; readonly problems: Problems },
): void {
  const graph = buildGraph({ nodes: flows.keys(), dependenciesOf: (id) => embeddedFlowIds(flows.get(id)) });
  const innerFirst = [...levelsOf(graph)].sort(([, a], [, b]) => a - b).map(([id]) => id);
  const sizes = new Map<string, Size>();
  for (const id of innerFirst) {
    const flow = flows.get(id);
    if (flow === undefined || flow.embedded) sizes.set(id, sizeOf(flow, sizes));
    else sizes.set(id, checked(sizeOf(flow, sizes), flow, { limits, problems }));
  }
}

interface Size {
  readonly nodes: number;
  readonly longestId: number;
}

function sizeOf(flow: FlowDefinition | undefined, sizes: ReadonlyMap<string, Size>): Size {
  let nodes = 0;
  let longestId = 0;
  for (const node of flow?.nodes ?? []) {
    const inner = node.embeddedFlowId === undefined ? undefined : sizes.get(node.embeddedFlowId);
    nodes += 1 + (inner?.nodes ?? 0);
    const ownLength = node.id.length;
    longestId = Math.max(longestId, inner?.longestId ? ownLength + 1 + inner.longestId : ownLength);
  }
  return { nodes, longestId };
}

function checked(
  size: Size,
  flow: FlowDefinition,
  { limits, problems }: { readonly limits: LoadLimits; readonly problems: Problems },
): Size {
  if (flow.id.length > limits.maxFlowIdLength) {
    problems.error(
      `Flow name "${flow.id}" has ${flow.id.length} characters; at most ${limits.maxFlowIdLength} are allowed.`,
    );
  }
  if (size.longestId > limits.maxNestedIdLength) {
    problems.error(
      `Flow "${flow.id}" has a nested job id of ${size.longestId} characters; at most ${limits.maxNestedIdLength} are allowed.`,
    );
  }
  if (size.nodes > limits.maxNodes) {
    problems.error(
      `Flow "${flow.id}" has ${size.nodes} jobs once its embedded flows are expanded; at most ${limits.maxNodes} are allowed.`,
    );
  }
  return size;
}

function embeddedFlowIds(flow: FlowDefinition | undefined): readonly string[] {
  return (flow?.nodes ?? []).flatMap((node) => node.embeddedFlowId ?? []);
}
