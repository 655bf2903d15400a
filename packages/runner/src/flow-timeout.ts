import type { Execution, ExecutionPlan, PlanNode, ProjectDefinition, Properties } from '@lockstep/domain';
import { PropertyError, explainProperties, jobLayers, readDuration } from '@lockstep/props';

/** How long an execution may run. */
export type FlowTimeout =
  | { readonly result: 'none' }
  | { readonly result: 'limit'; readonly timeoutMs: number }
  /** Something is written there, but no time: the execution runs without a limit, and its log says why. */
  | { readonly result: 'unusable'; readonly reason: string };

const KEY = 'flow.timeout';

/**
 * `flow.timeout`: the flow parameter, or else what the flow itself says. Flow 2.0 flows say it in the `config` of their
 * file, Flow 1.0 flows where they say everything about themselves, in the properties of the job they are named after.
 * Outputs of jobs play no part: the limit stands before the first job runs.
 */
export function flowTimeout({
  plan,
  definition,
  execution,
  flowProperties,
  globalProperties,
  timezone,
  now,
}: {
  readonly plan: ExecutionPlan;
  readonly definition: ProjectDefinition;
  readonly execution: Execution;
  readonly flowProperties: Properties;
  readonly globalProperties: Properties;
  readonly timezone: string;
  readonly now: number;
}): FlowTimeout {
  const { flowParameters } = execution.options;
  if (Object.hasOwn(flowParameters, KEY)) return limitOf(flowParameters);
  const layers = jobLayers({
    plan,
    node: nodeThatSpeaks(plan, definition),
    definition,
    options: execution.options,
    outputsOf: () => undefined,
    globalProperties,
    pluginDefaults: {},
    flowProperties,
  });
  // References cost a walk over all properties, and hardly any flow has a limit.
  if (!layers.some(({ properties }) => Object.hasOwn(properties, KEY))) return { result: 'none' };
  const explained = explainProperties({ layers, now, timeZone: timezone }).find(({ key }) => key === KEY);
  if (explained?.value === undefined) return { result: 'unusable', reason: explained?.error ?? '' };
  return limitOf({ [KEY]: explained.value });
}

function nodeThatSpeaks(plan: ExecutionPlan, { format }: ProjectDefinition): PlanNode {
  const root = plan.nodes[0] as PlanNode;
  if (format === 'flow2') return root;
  return plan.nodes.find(({ parent, id }) => parent === 0 && id === root.flowId) ?? root;
}

function limitOf(properties: Properties): FlowTimeout {
  try {
    const timeoutMs = readDuration(properties, KEY);
    return timeoutMs === undefined ? { result: 'none' } : { result: 'limit', timeoutMs };
  } catch (error) {
    if (!(error instanceof PropertyError)) throw error;
    return { result: 'unusable', reason: error.message };
  }
}
