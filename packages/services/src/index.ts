export { createServices } from './create-services.js';
export { DEFAULT_SERVICE_LIMITS } from './dependencies.js';
export type {
  ConcurrentRunsException,
  FlowLocks,
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
  ExecutionDetail,
  ExecutionServices,
  JobExplanation,
  LogServices,
  LogSlice,
  ProjectServices,
  Services,
  SessionServices,
  UploadOutcome,
} from './services.js';
