export { DEFAULT_KILL_GRACE_MS } from './job-type.js';
export type { AttemptContext, AttemptResult, EngineLogLevel, JobType } from './job-type.js';
export { createJobTypes, wrappingUpLine } from './job-types.js';
export type { JobTypes, JobTypesOptions } from './job-types.js';
export { killLeftProcesses } from './process/kill-left-processes.js';
export type { KillReport } from './process/kill-ladder.js';
export { createTestJobType } from './test-job-type.js';
export type { TestJobType } from './test-job-type.js';
export type { ModuleAttempt, ModuleJobFactory, ModuleRun } from './plugins/module-job-type.js';
