import type { ExecutionOptions, FlowDefinition, ProjectDefinition } from '@lockstep/domain';
import { projectFlowParameters } from '@lockstep/project-zip';

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
    flowParameters: { ...projectFlowParameters(definition, flow.id), ...options.flowParameters },
    // Azkaban replaces the layout asked for by the flow's own; a flow has no way to name another than this.
    mailCreator: 'default',
  };
}
