import type { Execution, ExecutionPlan, PlanNode, Project, ProjectDefinition, Properties } from '@lockstep/domain';
import { explainProperties, type ExplainedProperty } from '../explain-properties.js';
import type { PropertyLayer } from '../property-layer.js';
import { dependsOnAny } from '../substitution/depends-on-any.js';
import { isAboutReferences, isUndefinedReference } from '../substitution/substitution-failure.js';
import { injectedFlowProperties, injectedJobProperties, type InjectedExecution } from './injected-properties.js';
import { jobLayers } from './job-layers.js';

export interface ExplainJobRequest {
  readonly plan: ExecutionPlan;
  readonly node: PlanNode;
  readonly definition: ProjectDefinition;
  readonly options: Pick<Execution['options'], 'flowParameters' | 'runtimeProperties'>;
  /** Without an id: nothing has been submitted yet. */
  readonly execution: Omit<InjectedExecution, 'id'> & { readonly id?: number };
  readonly project: Pick<Project, 'modifiedBy' | 'modifiedAt'>;
  readonly attempt: number;
  /** Of the execution; undefined while it has not started. */
  readonly startedAt?: number;
  readonly outputsOf: (index: number) => Properties | undefined;
  /** Whether that predecessor may still put something out. */
  readonly isToCome: (index: number) => boolean;
  readonly globalProperties: Properties;
  readonly pluginDefaults: Properties;
  readonly webServerUrl?: string;
  readonly timezone: string;
  /** When the attempt started, or would. */
  readonly now: number;
}

export interface ExplainedJobProperty extends ExplainedProperty {
  /**
   * true: the value is known only when the job runs. In the value, `<name>` stands for what is not known; times are
   * those of a run that starts now. Together with `error`: it fails the job unless an output of a predecessor has the
   * missing name.
   */
  readonly knownAtRunTime: boolean;
}

/** Why a job sees what it sees, as far as that is known without being the worker that runs it. Secrets are shown. */
export function explainJob(request: ExplainJobRequest): readonly ExplainedJobProperty[] {
  const { now, timezone: timeZone } = request;
  const layers = allLayers(request);
  const isUnknown = dependsOnAny(layers, keysKnownAtRunTime(request, layers));
  const mayGrow = outputsToCome(request).length > 0;
  return explainProperties({ layers, now, timeZone }).map((property) => {
    const { error, ...rest } = property;
    if (error !== undefined && isAboutReferences(error)) {
      // An output may have the name that is missing.
      return { ...property, knownAtRunTime: mayGrow && isUndefinedReference(error) };
    }
    if (!isUnknown(property.key)) return { ...property, knownAtRunTime: false };
    // A stand-in is no number and no date; what an expression makes of it says nothing about the run.
    return { ...rest, knownAtRunTime: true };
  });
}

/** Nested ids of the predecessors whose outputs may still come into a job's properties; outermost first. */
export function outputsToCome({
  plan,
  node,
  isToCome,
}: Pick<ExplainJobRequest, 'plan' | 'node' | 'isToCome'>): readonly string[] {
  const missing: string[] = [];
  for (let at: PlanNode | undefined = node; at !== undefined && at.index !== 0; at = plan.nodes[at.parent ?? 0]) {
    missing.unshift(...at.dependencies.filter(isToCome).flatMap((index) => plan.nodes[index]?.nestedId ?? []));
  }
  return missing;
}

function allLayers(request: ExplainJobRequest): readonly PropertyLayer[] {
  const { plan, node, attempt, project, timezone, now, webServerUrl } = request;
  const execution = { ...request.execution, id: request.execution.id ?? standIn('azkaban.flow.execid') };
  const layers = jobLayers({
    ...request,
    flowProperties: injectedFlowProperties({
      execution,
      project,
      startedAt: request.startedAt ?? now,
      uuid: standIn('azkaban.flow.uuid'),
      timezone,
    }),
  });
  if (node.kind === 'flow') return layers;
  const properties = injectedJobProperties({
    plan,
    node,
    attempt,
    execution,
    ...(webServerUrl === undefined ? {} : { webServerUrl }),
    workingDirectory: standIn('working.dir'),
    logFile: standIn('azkaban.job.log.file'),
    attachmentFile: standIn('azkaban.job.attachment.file'),
    valueOf: (key) => layers.findLast((layer) => Object.hasOwn(layer.properties, key))?.properties[key],
  });
  return [...layers, { origin: { kind: 'injected', scope: 'job' }, properties }];
}

function standIn(key: string): string {
  return `<${key}>`;
}

/** What is injected and stands for something else, or is only an example. */
function keysKnownAtRunTime(
  { startedAt, project }: ExplainJobRequest,
  layers: readonly PropertyLayer[],
): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const { origin, properties } of layers) {
    if (origin.kind !== 'injected') continue;
    for (const [key, value] of Object.entries(properties)) {
      const isExample =
        (startedAt === undefined && key.startsWith('azkaban.flow.start.') && !key.endsWith('.timezone')) ||
        (key.startsWith('azkaban.flow.projectlastchanged') && project.modifiedAt > (startedAt ?? Infinity));
      if (isExample || STAND_IN.test(value)) keys.add(key);
    }
  }
  return keys;
}

const STAND_IN = /<(?:azkaban\.[a-z.]+|working\.dir)>/;
