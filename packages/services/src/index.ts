export { createServices } from './create-services.js';
export { createFollowUps } from './follow-ups/create-follow-ups.js';
export type { FollowUps } from './follow-ups/create-follow-ups.js';
export type { Accepted } from './executions/accept-submission.js';
export { onlyJobs } from './executions/only-jobs.js';
export type { OnlyJobs } from './executions/only-jobs.js';
export { DEFAULT_SERVICE_LIMITS } from './dependencies.js';
export type {
  ConcurrentRunsException,
  LogReader,
  ProjectZipReading,
  ReadProjectZip,
  ServiceDependencies,
  ServiceLimits,
  ServiceLog,
  WorkerDefaults,
} from './dependencies.js';
export { UploadRejected } from './projects/upload-rejected.js';
export type { UploadReport } from './projects/upload-rejected.js';
export type {
  ChainEntry,
  ExecutionDetail,
  ExecutionRetries,
  ExecutionServices,
  JobExplanation,
  LogServices,
  LogSlice,
  ProjectServices,
  Services,
  SessionServices,
  SubmittedChainEntry,
  UploadOutcome,
} from './services.js';
