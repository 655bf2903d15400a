import { userInfo } from 'node:os';
import {
  DEFAULT_EXECUTION_OPTIONS,
  type Execution,
  type ExecutionOptions,
  type ProjectDefinition,
  type Properties,
} from '@lockstep/domain';
import { projectFlowParameters } from '@lockstep/project-zip';

/** The execution a flow has when it is run (or only looked at) from the command line: the first of project 1. */
export function localExecution({
  definition,
  projectName,
  flowId,
  parameters,
  options,
  now,
}: {
  definition: ProjectDefinition;
  projectName: string;
  flowId: string;
  parameters: Properties;
  options?: Partial<ExecutionOptions>;
  now: number;
}): Execution {
  return {
    id: 1,
    projectId: 1,
    projectName,
    version: 1,
    flowId,
    status: 'PREPARING',
    submitUser: userInfo().username,
    submittedAt: now,
    updatedAt: now,
    source: 'adhoc',
    options: {
      ...DEFAULT_EXECUTION_OPTIONS,
      ...options,
      flowParameters: { ...projectFlowParameters(definition, flowId), ...parameters },
    },
  };
}
