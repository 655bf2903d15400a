export type {
  ExecutionDetail,
  ExecutionServices,
  LogServices,
  LogSlice,
  ProjectServices,
  Services,
  SessionServices,
  UploadOutcome,
} from './services.js';
