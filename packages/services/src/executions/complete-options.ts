import type { ExecutionOptions, FlowDefinition, ProjectDefinition, Properties } from '@lockstep/domain';

/** Flow 1.0: flow parameters a project brings along, in a file at the top of its zip. */
const PARAMETER_FILE = 'param_override.properties';
/** Flow 2.0: the same, as keys of the flow's `config`. */
const PARAMETER_PREFIX = 'param.override.';

/**
 * Fills in what the flow and its project say where the request leaves it to them, so that the stored options tell the
 * whole story: mail addresses, failure action, flow parameters (those of the request win).
 */
export function completeOptions(
  options: ExecutionOptions,
  { definition, flow }: { definition: ProjectDefinition; flow: FlowDefinition },
): ExecutionOptions {
  return {
    ...options,
    failureAction: options.failureActionOverridden
      ? options.failureAction
      : (flow.failureAction ?? options.failureAction),
    failureEmails: options.failureEmailsOverridden ? options.failureEmails : flow.failureEmails,
    successEmails: options.successEmailsOverridden ? options.successEmails : flow.successEmails,
    flowParameters: { ...projectParameters(definition, flow), ...options.flowParameters },
    // Azkaban replaces the layout asked for by the flow's own; a flow has no way to name another than this.
    mailCreator: 'default',
  };
}

function projectParameters({ format, propertyFiles }: ProjectDefinition, flow: FlowDefinition): Properties {
  if (format === 'flow1') return propertyFiles[PARAMETER_FILE]?.properties ?? {};
  return Object.fromEntries(
    Object.entries(flow.properties)
      .filter(([key]) => key.startsWith(PARAMETER_PREFIX))
      .map(([key, value]) => [key.slice(PARAMETER_PREFIX.length), value]),
  );
}
