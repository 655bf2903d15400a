import type {
  Execution,
  ExecutionPlan,
  FlowDefinition,
  PlanNode,
  ProjectDefinition,
  Properties,
} from '@lockstep/domain';
import type { PropertyLayer } from '../property-layer.js';

export interface JobLayersRequest {
  readonly plan: ExecutionPlan;
  readonly node: PlanNode;
  readonly definition: ProjectDefinition;
  readonly options: Pick<Execution['options'], 'flowParameters' | 'runtimeProperties'>;
  /** Output properties of a node that has finished; undefined when it has none. */
  readonly outputsOf: (index: number) => Properties | undefined;
  readonly globalProperties: Properties;
  readonly pluginDefaults: Properties;
  /** `azkaban.flow.*` */
  readonly flowProperties: Properties;
}

/**
 * The layers of what a job sees, lowest first, in Azkaban's order of precedence; the properties injected per attempt go
 * on top. The most misunderstood rule of it: a flow parameter does not beat a value written in the job itself.
 */
export function jobLayers(request: JobLayersRequest): readonly PropertyLayer[] {
  const { plan, node, definition, options } = request;
  return [
    { origin: { kind: 'plugin-default' }, properties: request.globalProperties },
    { origin: { kind: 'plugin-default', type: node.type }, properties: request.pluginDefaults },
    ...fileLayers(definition, node),
    { origin: { kind: 'injected', scope: 'flow' }, properties: request.flowProperties },
    { origin: { kind: 'flow-config', flow: rootFlow(request).id }, properties: rootFlow(request).properties },
    { origin: { kind: 'flow-parameter' }, properties: options.flowParameters },
    ...enclosingFlows(plan, node).flatMap((flow) => ownLayers(request, flow)),
    ...ownLayers(request, node),
  ];
}

/** The property files of the job's directory, from the one furthest away to the nearest. */
function fileLayers(definition: ProjectDefinition, node: PlanNode): readonly PropertyLayer[] {
  // As in Azkaban, embedded flow nodes have all layers but this one.
  if (node.kind === 'flow') return [];
  const layers: PropertyLayer[] = [];
  for (let path = definition.jobs[node.jobKey]?.propertyFile; path !== undefined;) {
    const file = definition.propertyFiles[path];
    if (file === undefined) break;
    layers.unshift({ origin: { kind: 'file', path }, properties: file.properties });
    path = file.inherits;
  }
  return layers;
}

function rootFlow({ plan, definition }: JobLayersRequest): FlowDefinition {
  return definition.flows[plan.nodes[0]?.flowId ?? ''] as FlowDefinition;
}

/** Outermost first, without the root. */
function enclosingFlows(plan: ExecutionPlan, node: PlanNode): readonly PlanNode[] {
  const flows: PlanNode[] = [];
  for (let index = node.parent; index !== undefined && index !== 0; index = plan.nodes[index]?.parent) {
    flows.unshift(plan.nodes[index] as PlanNode);
  }
  return flows;
}

/**
 * Outputs of the direct predecessors (the later in declared order wins), what the node itself says, and the runtime
 * properties for its nested id.
 */
function ownLayers({ plan, definition, options, outputsOf }: JobLayersRequest, node: PlanNode): PropertyLayer[] {
  const layers: PropertyLayer[] = [];
  for (const dependency of node.dependencies) {
    const outputs = outputsOf(dependency);
    if (outputs === undefined) continue;
    layers.push({ origin: { kind: 'output', job: plan.nodes[dependency]?.nestedId ?? '' }, properties: outputs });
  }
  const job = definition.jobs[node.jobKey];
  layers.push({
    origin: { kind: 'job', nestedId: node.nestedId, ...(job?.source ? { source: job.source } : {}) },
    properties: job?.properties ?? {},
  });
  const runtime = Object.hasOwn(options.runtimeProperties, node.nestedId)
    ? options.runtimeProperties[node.nestedId]
    : undefined;
  if (runtime !== undefined) layers.push({ origin: { kind: 'runtime', nestedId: node.nestedId }, properties: runtime });
  return layers;
}
