import type { ExecutionOptions, ProjectDefinition, Status } from '@lockstep/domain';
import { projectFlowParameters } from '@lockstep/project-zip';
import type { ExecutionDetail } from '../services.js';
import { disabledJobs } from './disabled-jobs.js';

/**
 * The options somebody gave, out of those an execution was stored with: what its project has brought along is taken out,
 * so that a newer version can bring its own.
 */
export function optionsAsGiven(
  options: ExecutionOptions,
  { definition, flowId }: { definition: ProjectDefinition; flowId: string },
): ExecutionOptions {
  const ofProject = projectFlowParameters(definition, flowId);
  const given = Object.entries(options.flowParameters).filter(
    ([key, value]) => !Object.hasOwn(ofProject, key) || ofProject[key] !== value,
  );
  return { ...withoutPipeline(options), flowParameters: Object.fromEntries(given) };
}

/** Which execution to follow is decided anew with every submission. */
export function withoutPipeline({ pipelineExecutionId: _, ...options }: ExecutionOptions): ExecutionOptions {
  return options;
}

/**
 * The same options with the jobs disabled that ended, or stand, with one of the statuses; an embedded flow whose jobs all
 * do is disabled whole. What was disabled stays so.
 */
export function withoutDone(
  options: ExecutionOptions,
  { plan, current }: Pick<ExecutionDetail, 'plan' | 'current'>,
  done: readonly Status[],
): ExecutionOptions {
  const isDone = (index: number): boolean => done.includes(current[index]?.status ?? 'READY');
  return { ...options, disabledJobs: disabledJobs(plan, (node) => node.disabled || isDone(node.index)) };
}
