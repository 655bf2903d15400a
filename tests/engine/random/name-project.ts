import type {
  DisabledJob,
  FlowDefinition,
  JobDefinition,
  NodeDefinition,
  ProjectDefinition,
  RetryPolicy,
} from '@lockstep/domain';
import type { ConditionShape, FlowShape, NodeShape } from './project-shape.js';

export const ROOT_FLOW = 'main';

export interface NamedProject {
  readonly definition: ProjectDefinition;
  /** By job key: what its failures come with. */
  readonly policies: ReadonlyMap<string, RetryPolicy>;
}

/** Gives a shape names: nodes a, b, c … inside each flow, inner flows `outer:node`. */
export function nameProject(shape: FlowShape): NamedProject {
  const flows: Record<string, FlowDefinition> = {};
  const jobs: Record<string, JobDefinition> = {};
  const policies = new Map<string, RetryPolicy>();
  nameFlow(ROOT_FLOW, shape);
  return { definition: { format: 'flow2', flows, jobs, propertyFiles: {} }, policies };

  function nameFlow(flowId: string, { nodes, layout, reversed }: FlowShape): void {
    const named: NodeDefinition[] = [];
    for (const [index, node] of nodes.entries()) {
      const dependsOn = dependenciesOf(layout, node, index).map(nameOf);
      const condition = node.condition && conditionText(node.condition, named, dependsOn);
      const embeddedFlowId = embed(flowId, node, index);
      const jobKey = `${flowId}:${nameOf(index)}`;
      named.push({
        id: nameOf(index),
        type: embeddedFlowId === undefined ? 'noop' : 'flow',
        jobKey,
        dependsOn,
        level: 0,
        ...(condition === undefined ? {} : { condition }),
        ...(embeddedFlowId === undefined ? {} : { embeddedFlowId }),
      });
      jobs[jobKey] = { properties: {}, source: '' };
      const { retries, backoffMs, succeedOnFailure } = node;
      policies.set(jobKey, { retries, backoffMs, succeedOnFailure });
    }
    flows[flowId] = flowDefinition(flowId, reversed ? named.reverse() : named);
  }

  /** Inner flows are named before the flow around them is complete, so `again` never embeds a flow in itself. */
  function embed(flowId: string, { embeds }: NodeShape, index: number): string | undefined {
    if (embeds === undefined) return undefined;
    if (embeds === 'again') return Object.keys(flows).at(-1);
    nameFlow(`${flowId}:${nameOf(index)}`, embeds);
    return `${flowId}:${nameOf(index)}`;
  }
}

function nameOf(index: number): string {
  return String.fromCharCode('a'.charCodeAt(0) + index);
}

function dependenciesOf(layout: FlowShape['layout'], { dependencies }: NodeShape, index: number): readonly number[] {
  if (index === 0) return [];
  const picks = [...new Set(dependencies.map((pick) => pick % index))];
  switch (layout) {
    case 'chain':
      return [index - 1];
    case 'fan':
      return [0];
    case 'layers': {
      const start = index - (index % 2);
      return start === 0 ? [] : [start - 2, start - 1];
    }
    case 'free':
      return picks;
  }
}

function conditionText(
  { macro, comparison }: ConditionShape,
  earlier: readonly NodeDefinition[],
  dependsOn: readonly string[],
): string | undefined {
  // Only what is certainly settled when the node is examined, or is a job: outputs of an embedded flow that is no
  // dependency appear in the middle of an event, and the specification does not say before or after what.
  const referable = earlier.filter(({ id, embeddedFlowId }) => embeddedFlowId === undefined || dependsOn.includes(id));
  const referred = comparison && referable[comparison.of % referable.length];
  if (referred === undefined) return macro;
  const { operator, literal, joinedBy, negated } = comparison as NonNullable<typeof comparison>;
  const compared = `\${${referred.id}:x} ${operator} ${literal}`;
  const text = negated ? `!(${compared})` : compared;
  return macro === undefined ? text : `${macro} ${joinedBy} ${text}`;
}

function flowDefinition(id: string, nodes: readonly NodeDefinition[]): FlowDefinition {
  return {
    id,
    embedded: id !== ROOT_FLOW,
    nodes,
    edges: nodes.flatMap((node) => node.dependsOn.map((source) => ({ source, target: node.id }))),
    properties: {},
    failureEmails: [],
    successEmails: [],
    overrideEmails: [],
  };
}

/** Every node of a flow and of the flows it embeds, by nested id. */
export function nestedIdsOf({ flows }: ProjectDefinition, flowId: string, prefix = ''): readonly string[] {
  return (flows[flowId]?.nodes ?? []).flatMap(({ id, embeddedFlowId }) => [
    `${prefix}${id}`,
    ...(embeddedFlowId === undefined
      ? []
      : nestedIdsOf({ flows } as ProjectDefinition, embeddedFlowId, `${prefix}${id}:`)),
  ]);
}

/** Nested ids in the form a request uses; a node named as a whole wins over names inside it. */
export function disabledForm(nestedIds: readonly string[]): readonly DisabledJob[] {
  const first = (nestedId: string): string => nestedId.split(':')[0] ?? '';
  return [...new Set(nestedIds.map(first))].map((id) => {
    if (nestedIds.includes(id)) return { id };
    const inside = nestedIds.filter((nestedId) => nestedId.startsWith(`${id}:`));
    return { id, children: disabledForm(inside.map((nestedId) => nestedId.slice(id.length + 1))) };
  });
}
