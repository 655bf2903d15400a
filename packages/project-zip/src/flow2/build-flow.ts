import { buildGraph, descendantsOf, levelsOf, walkDependencies } from '@lockstep/dag';
import type { Graph } from '@lockstep/dag';
import { FAILURE_ACTIONS } from '@lockstep/domain';
import type {
  FailureAction,
  FlowDefinition,
  FlowTrigger,
  JobDefinition,
  NodeDefinition,
  Properties,
} from '@lockstep/domain';
import { mergeProperties } from '@lockstep/props';
import { checkCondition } from '../checks/condition-errors.js';
import { flowEmails } from '../flow-emails.js';
import type { Problems } from '../problems.js';
import { isFlowSpec } from './read-flow-file.js';
import type { FlowSpec, NodeSpec } from './read-flow-file.js';

export interface BuiltFlow {
  /** The flow itself first, then every embedded one. */
  readonly flows: readonly FlowDefinition[];
  readonly jobs: readonly BuiltJob[];
}

export interface BuiltJob {
  /** `flowId:node`. */
  readonly key: string;
  readonly type: string;
  readonly line: number;
  readonly definition: JobDefinition;
}

export interface FlowBuildContext {
  /** Path of the file, for problems. */
  readonly file: string;
  readonly problems: Problems;
}

/** Makes flow definitions of a checked flow file: one for the file and one, flagged embedded, for every node of type flow. */
export function buildFlow(
  { flow, trigger }: { readonly flow: FlowSpec; readonly trigger: FlowTrigger | undefined },
  context: FlowBuildContext,
): BuiltFlow {
  const flows: FlowDefinition[] = [];
  const jobs: BuiltJob[] = [];
  const waiting = [{ spec: flow, id: flow.name, embedded: false }];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { spec, id, embedded } = next;
    const definition = flowDefinition({ spec, id, embedded }, context);
    flows.push(embedded || trigger === undefined ? definition : { ...definition, trigger });
    for (const node of spec.nodes) {
      const key = `${id}:${node.name}`;
      const properties = propertiesOf(node);
      jobs.push({ key, type: node.type ?? '', line: node.line, definition: { properties, source: '' } });
      if (isFlowSpec(node)) waiting.push({ spec: node, id: key, embedded: true });
    }
  }
  return { flows, jobs };
}

interface FlowPart {
  readonly spec: FlowSpec;
  readonly id: string;
  readonly embedded: boolean;
}

function flowDefinition({ spec, id, embedded }: FlowPart, context: FlowBuildContext): FlowDefinition {
  const nodes = new Map(spec.nodes.map((node) => [node.name, node]));
  const graph = buildGraph({ nodes: nodes.keys(), dependenciesOf: (name) => nodes.get(name)?.dependsOn });
  const levels = levelsOf(graph);
  const properties = propertiesOf(spec);
  const failureAction = embedded ? undefined : failureActionOf(properties, { spec, context });
  checkConditions(spec, { graph, levels, context });
  return {
    id,
    embedded,
    nodes: spec.nodes.map((node) => nodeDefinition(node, { flowId: id, graph, level: levels.get(node.name) ?? 0 })),
    edges: edgesOf(spec, { graph, context }),
    properties,
    ...flowEmails(properties),
    ...(failureAction === undefined ? {} : { failureAction }),
  };
}

function propertiesOf({ config = {}, type = '' }: NodeSpec): Properties {
  return mergeProperties(config, { type });
}

function nodeDefinition(
  { name, type = '', condition }: NodeSpec,
  { flowId, graph, level }: { readonly flowId: string; readonly graph: Graph; readonly level: number },
): NodeDefinition {
  const jobKey = `${flowId}:${name}`;
  return {
    id: name,
    type,
    jobKey,
    dependsOn: graph.dependencies.get(name) ?? [],
    level,
    ...(condition === undefined ? {} : { condition }),
    ...(type === 'flow' ? { embeddedFlowId: jobKey } : {}),
  };
}

function edgesOf(spec: FlowSpec, { graph, context }: { readonly graph: Graph; readonly context: FlowBuildContext }) {
  const closing = new Set(
    walkDependencies(graph, graph.nodes).closingEdges.map(({ source, target }) => `${source}>>${target}`),
  );
  return spec.nodes.flatMap(({ name, line }) =>
    (graph.dependencies.get(name) ?? []).map((source) => {
      const edge = { source, target: name };
      const edgeId = `${source}>>${name}`;
      if (!closing.has(edgeId)) return edge;
      context.problems.error(`Cycles found at ${edgeId}`, { file: context.file, line });
      return { ...edge, error: 'Cycles found.' };
    }),
  );
}

interface ConditionContext {
  readonly graph: Graph;
  readonly levels: ReadonlyMap<string, number>;
  readonly context: FlowBuildContext;
}

function checkConditions(spec: FlowSpec, { graph, levels, context }: ConditionContext): void {
  for (const { name, condition, line } of spec.nodes) {
    if (condition === undefined) continue;
    const messages = checkCondition({
      text: condition,
      job: name,
      format: 'flow2',
      isNode: (candidate) => levels.has(candidate),
      isDescendant: descendantTest(name, { graph, levels }),
    });
    for (const message of messages) context.problems.error(message, { file: context.file, line });
  }
}

/** A node on the same or a lower level is no descendant: an ordinary condition, on a predecessor, costs no search. */
function descendantTest(name: string, { graph, levels }: Pick<ConditionContext, 'graph' | 'levels'>) {
  const level = levels.get(name) ?? 0;
  let descendants: ReadonlySet<string> | undefined;
  return (candidate: string): boolean => {
    if ((levels.get(candidate) ?? 0) <= level) return false;
    descendants ??= descendantsOf(graph, name);
    return descendants.has(candidate);
  };
}

function failureActionOf(
  properties: Properties,
  { spec, context }: { readonly spec: FlowSpec; readonly context: FlowBuildContext },
): FailureAction | undefined {
  const written = properties['failure.action']?.trim();
  if (written === undefined || written === '') return undefined;
  const action = FAILURE_ACTIONS.find((candidate) => candidate === written.toUpperCase());
  if (action === undefined) {
    const known = FAILURE_ACTIONS.join(', ').toLowerCase();
    context.problems.warning(`Flow "${spec.name}" has the unknown failure.action "${written}"; use one of ${known}.`, {
      file: context.file,
      line: spec.line,
    });
  }
  return action;
}
