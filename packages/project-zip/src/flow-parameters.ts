import type { ProjectDefinition, Properties } from '@lockstep/domain';
import { emptyProperties } from '@lockstep/props';

/**
 * Flow parameters the project itself brings along, to be merged below those of a request at submission: the file
 * `param_override.properties` in the root of a Flow 1.0 project, the flow's `param.override.<key>` in Flow 2.0.
 */
export function projectFlowParameters(definition: ProjectDefinition, flowId: string): Properties {
  if (definition.format === 'flow1') return definition.propertyFiles[PARAMETER_FILE]?.properties ?? {};
  const parameters = emptyProperties();
  for (const [key, value] of Object.entries(definition.flows[flowId]?.properties ?? {})) {
    if (key.startsWith(PARAMETER_PREFIX) && key !== PARAMETER_PREFIX)
      parameters[key.slice(PARAMETER_PREFIX.length)] = value;
  }
  return parameters;
}

const PARAMETER_FILE = 'param_override.properties';
const PARAMETER_PREFIX = 'param.override.';
