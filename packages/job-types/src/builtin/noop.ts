import type { JobType } from '../job-type.js';

/** Succeeds at once. */
export const noopJobType: JobType = {
  name: 'noop',
  instant: true,
  run: () => Promise.resolve({ result: 'succeeded' }),
};
