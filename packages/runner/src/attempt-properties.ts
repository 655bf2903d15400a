import type {
  Execution,
  ExecutionPlan,
  ExecutionState,
  PlanNode,
  ProjectDefinition,
  Properties,
} from '@lockstep/domain';
import { injectedJobProperties, jobLayers, resolveProperties, type PropertyLayer } from '@lockstep/props';

export interface AttemptPropertiesRequest {
  readonly plan: ExecutionPlan;
  readonly state: ExecutionState;
  readonly node: PlanNode;
  readonly attempt: number;
  readonly definition: ProjectDefinition;
  readonly execution: Execution;
  readonly flowProperties: Properties;
  readonly globalProperties: Properties;
  readonly pluginDefaults: Properties;
  readonly workingDirectory: string;
  readonly outputFile: string;
  readonly webServerUrl?: string;
  readonly timezone: string;
  readonly now: number;
}

/** What one attempt sees. `valueOf` finds the value of a key even when the properties as a whole cannot be resolved. */
export type AttemptProperties =
  | { readonly result: 'resolved'; readonly properties: Properties; valueOf(key: string): string | undefined }
  | { readonly result: 'error'; readonly message: string; valueOf(key: string): string | undefined };

/** Puts the layers of an attempt together and resolves every reference and expression in them. */
export function attemptProperties(request: AttemptPropertiesRequest): AttemptProperties {
  const layers = jobLayers({
    plan: request.plan,
    node: request.node,
    definition: request.definition,
    options: request.execution.options,
    outputsOf: (index) => request.state.nodes[index]?.outputs,
    globalProperties: request.globalProperties,
    pluginDefaults: request.pluginDefaults,
    flowProperties: request.flowProperties,
  });
  const injected: PropertyLayer = {
    origin: { kind: 'injected', scope: 'job' },
    properties: injectedJobProperties({
      plan: request.plan,
      node: request.node,
      attempt: request.attempt,
      execution: request.execution,
      ...(request.webServerUrl === undefined ? {} : { webServerUrl: request.webServerUrl }),
      workingDirectory: request.workingDirectory,
      logFile: request.outputFile,
      attachmentFile: request.outputFile.replace(/\.log$/, '.attach'),
      valueOf: (key) => rawValue(layers, key),
    }),
  };
  const all = [...layers, injected];
  const resolution = resolveProperties({ layers: all, now: request.now, timeZone: request.timezone });
  if (resolution.result === 'failed') {
    return { result: 'error', message: resolution.error, valueOf: (key) => rawValue(all, key) };
  }
  const { properties } = resolution;
  return {
    result: 'resolved',
    properties,
    valueOf: (key) => (Object.hasOwn(properties, key) ? properties[key] : undefined),
  };
}

/** The value as written in the highest layer that has it. */
function rawValue(layers: readonly PropertyLayer[], key: string): string | undefined {
  for (let index = layers.length - 1; index >= 0; index -= 1) {
    const properties = layers[index]?.properties;
    if (properties !== undefined && Object.hasOwn(properties, key)) return properties[key];
  }
  return undefined;
}
