export { createServices } from './create-services.js';
export { createFollowUps } from './follow-ups/create-follow-ups.js';
export type { FollowUps } from './follow-ups/create-follow-ups.js';
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
  Accepted,
  ChainEntry,
  ExecutionDetail,
  ExecutionRetries,
  ExecutionServices,
  JobExplanation,
  LogServices,
  LogSlice,
  OnlyJobs,
  ProjectServices,
  Services,
  SessionServices,
  SubmittedChainEntry,
  UploadOutcome,
} from './services.js';
