export {
  EXECUTION_ACTIONS,
  EXECUTION_LOG_ACTIONS,
  EXECUTOR_ACTIONS,
  INDEX_ACTIONS,
  MANAGER_ACTIONS,
} from './azkaban/actions.js';
export type { AzkabanDialectDependencies, AzkabanOptions, ExecutorStatus } from './azkaban/options.js';
export type { Dialect } from './dialect.js';
export { createHttpApp } from './http-app.js';
export type { Log } from './kit/log.js';
export { createDialects } from './registry.js';
