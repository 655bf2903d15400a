export { createQueueBackend } from './create-queue-backend.js';
export { createDispatcher } from './execution-dispatcher.js';
export type { ExecutionDispatcher, ExecutionDispatcherOptions } from './execution-dispatcher.js';
export { createExecutionWorker } from './execution-worker.js';
export type { ExecutionWorker, ExecutionWorkerOptions } from './execution-worker.js';
export type { Nudge } from './message.js';
export type {
  PostgresAddress,
  PostgresQueueOptions,
  QueueBackend,
  QueueOptions,
  RedisQueueOptions,
} from './queue-backend.js';
