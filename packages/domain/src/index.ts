export {
  FINAL_EXECUTION_STATUSES,
  STATUS,
  STATUSES,
  UNFINISHED_EXECUTION_STATUSES,
  isFailure,
  isFinished,
  isSuccess,
  statusOfCode,
} from './status.js';
export type { Status } from './status.js';
export { PERMISSION, PERMISSIONS, normalisePermissions, permissionOfName } from './permission.js';
export type { Permission } from './permission.js';
export { DomainError } from './errors.js';
export type { ErrorCode, ErrorDetails, ErrorKind } from './errors.js';
export { FAILURE_ACTIONS } from './project.js';
export type {
  FailureAction,
  FlowDefinition,
  FlowEdge,
  FlowTrigger,
  JobDefinition,
  NodeDefinition,
  PermissionEntry,
  Project,
  ProjectDefinition,
  ProjectVersion,
  Properties,
  PropertyFile,
} from './project.js';
export type { Role, Session, User } from './user.js';
export { CONCURRENT_OPTIONS, DEFAULT_EXECUTION_OPTIONS } from './execution/execution-options.js';
export type { ConcurrentOption, DisabledJob, ExecutionOptions } from './execution/execution-options.js';
export { priorityOf } from './execution/execution-priority.js';
export type { AttemptRecord, Execution, ExecutionSource, NewExecution, RetryRule } from './execution/execution.js';
export { JOB_STATUS_MACROS } from './execution/condition.js';
export type { Condition, ConditionExpression, JobStatusMacro } from './execution/condition.js';
export type { ExecutionPlan, PlanNode } from './execution/execution-plan.js';
export type { ExecutionState, NodeState } from './execution/execution-state.js';
export type { Command, EventOf, ExecutionEvent, ExecutionEventType, RetryPolicy } from './execution/execution-event.js';
export type { Clock } from './ports/clock.js';
export type { Dispatcher } from './ports/dispatcher.js';
export type { ExecutionEndStore } from './ports/execution-end-store.js';
export type {
  ClaimResult,
  ExecutionCommit,
  ExecutionFilter,
  ExecutionJournal,
  ExecutionProgress,
  ExecutionRequest,
  ExecutionStore,
} from './ports/execution-store.js';
export type {
  DeclaredDependency,
  FlowDependency,
  FlowDependencyStore,
  FlowName,
} from './ports/flow-dependency-store.js';
export type { FlowLock, FlowLockStore } from './ports/flow-lock-store.js';
export type { Lease } from './ports/lease.js';
export type { LogChunk, LogChunks, LogName } from './ports/log-chunks.js';
export type { ProjectEvent, ProjectEventType, ProjectFiles, ProjectStore } from './ports/project-store.js';
export type { SessionStore } from './ports/session-store.js';
export type { Stores, UnitOfWork } from './ports/unit-of-work.js';
export type { WorkerRecord, WorkerRegistry } from './ports/worker-registry.js';
