import { DEFAULT_EXECUTION_OPTIONS, type NewExecution } from '@lockstep/domain';

/** A submission with nothing special about it, but for what the test says. */
export function anExecution(but: Partial<NewExecution> = {}): NewExecution {
  return {
    projectId: 1,
    projectName: 'project',
    version: 1,
    flowId: 'flow',
    submitUser: 'ann',
    submittedAt: 1_000,
    source: 'adhoc',
    options: DEFAULT_EXECUTION_OPTIONS,
    ...but,
  };
}
