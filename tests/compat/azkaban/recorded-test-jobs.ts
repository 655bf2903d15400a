import type { JobType } from '@lockstep/job-types';
import { createTestJobType } from '@lockstep/job-types';
import type { Driver } from './driver.js';

/** The interactive jobs of the scenarios, with a memory of what each was given. */
export interface RecordedTestJobs extends Pick<Driver, 'end' | 'inputOf'> {
  readonly jobType: JobType;
}

export function createRecordedTestJobs(): RecordedTestJobs {
  const testJobs = createTestJobType();
  const received = new Map<string, Readonly<Record<string, string>>>();
  return {
    jobType: {
      ...testJobs.jobType,
      run(context) {
        received.set(`${context.executionId} ${context.nestedId}`, context.properties);
        return testJobs.jobType.run(context);
      },
    },
    end: (executionId, { node, result, output }) =>
      result === 'fail'
        ? testJobs.fail(node, { executionId })
        : testJobs.succeed(node, { executionId, ...(output === undefined ? {} : { outputs: output }) }),
    inputOf: (executionId, node) => received.get(`${executionId} ${node}`),
  };
}
