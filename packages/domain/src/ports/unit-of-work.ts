import type { ExecutionEndStore } from './execution-end-store.js';
import type { ExecutionStore } from './execution-store.js';
import type { FlowDependencyStore } from './flow-dependency-store.js';
import type { FlowLockStore } from './flow-lock-store.js';
import type { ProjectFiles, ProjectStore } from './project-store.js';
import type { SessionStore } from './session-store.js';

export interface Stores {
  readonly projects: ProjectStore;
  readonly projectFiles: ProjectFiles;
  readonly executions: ExecutionStore;
  readonly executionEnds: ExecutionEndStore;
  readonly flowDependencies: FlowDependencyStore;
  readonly flowLocks: FlowLockStore;
  readonly sessions: SessionStore;
}

/** Runs a piece of work in one transaction: all its writes happen, or, when it throws, none. */
export interface UnitOfWork {
  transaction<Result>(work: (stores: Stores) => Promise<Result>): Promise<Result>;
}
