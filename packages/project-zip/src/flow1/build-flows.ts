import { buildGraph, levelsOf, walkDependencies } from '@lockstep/dag';
import type { FlowDefinition, FlowEdge, NodeDefinition } from '@lockstep/domain';
import { flowEmails } from '../flow-emails.js';
import type { LoadLimits } from '../load-options.js';
import type { Problems } from '../problems.js';
import type { Flow1Job } from './read-flow1-files.js';
import type { Dependencies } from './resolve-dependencies.js';

export interface FlowBuildInput {
  readonly jobs: ReadonlyMap<string, Flow1Job>;
  readonly dependencies: Dependencies;
  readonly limits: LoadLimits;
  readonly problems: Problems;
}

/**
 * Makes a flow of every job nothing depends on and of every `root.node`, each with all it depends on.
 *
 * A node's dependencies, and so its level, are the same in every flow that contains it: nodes and edges are made once and shared,
 * and a flow only lists them.
 */
export function buildFlows({
  jobs,
  dependencies,
  limits,
  problems,
}: FlowBuildInput): ReadonlyMap<string, FlowDefinition> {
  const nodes = makeNodes(jobs, dependencies);
  const flows = new Map<string, FlowDefinition>();
  let nodeCount = 0;
  for (const root of jobs.values()) {
    if (!root.isRootNode && dependencies.needed.has(root.name)) continue;
    const flow = buildFlow(root, { nodes, dependencies, problems, jobs });
    nodeCount += flow.nodes.length;
    if (nodeCount > limits.maxNodes) {
      problems.error(`The flows of the project have more than ${limits.maxNodes} nodes together.`, {
        file: root.source,
        hint: 'Many flows share the same jobs; let them embed one common flow (type=flow) instead.',
      });
      break;
    }
    flows.set(root.name, flow);
  }
  return flows;
}

function makeNodes(
  jobs: ReadonlyMap<string, Flow1Job>,
  dependencies: Dependencies,
): ReadonlyMap<string, NodeDefinition> {
  const graph = buildGraph({ nodes: jobs.keys(), dependenciesOf: (job) => dependencies.sound.get(job) });
  const levels = levelsOf(graph);
  const nodes = new Map<string, NodeDefinition>();
  for (const { name, type, condition, embeds } of jobs.values()) {
    nodes.set(name, {
      id: name,
      type,
      jobKey: name,
      dependsOn: dependencies.sound.get(name) ?? [],
      level: levels.get(name) ?? 0,
      ...(condition === undefined ? {} : { condition }),
      ...(embeds === undefined ? {} : { embeddedFlowId: embeds }),
    });
  }
  return nodes;
}

interface FlowParts extends Omit<FlowBuildInput, 'limits'> {
  readonly nodes: ReadonlyMap<string, NodeDefinition>;
}

function buildFlow(root: Flow1Job, { nodes, dependencies, jobs, problems }: FlowParts): FlowDefinition {
  const walk = walkDependencies({ dependencies: dependencies.sound }, [root.name]);
  const closing = new Set(walk.closingEdges.map(edgeId));
  for (const edge of walk.closingEdges) {
    const file = jobs.get(edge.target)?.source;
    problems.error(`Cyclical dependency found at ${edgeId(edge)}`, file === undefined ? {} : { file });
  }
  const markCycle = (edge: FlowEdge): FlowEdge =>
    closing.has(edgeId(edge)) ? { ...edge, error: 'Cyclical dependencies found.' } : edge;
  const edges = walk.nodes.flatMap((name) => dependencies.edges.get(name) ?? []);
  return {
    id: root.name,
    embedded: false,
    nodes: walk.nodes.flatMap((name) => nodes.get(name) ?? []),
    edges: closing.size === 0 ? edges : edges.map(markCycle),
    properties: {},
    ...flowEmails(root.effective),
  };
}

function edgeId({ source, target }: FlowEdge): string {
  return `${source}>>${target}`;
}
