import type { Stores } from '@lockstep/domain';
import type { Knex } from 'knex';
import { PostgresExecutionEndStore } from './stores/postgres-execution-end-store.js';
import { PostgresExecutionStore } from './stores/postgres-execution-store.js';
import { PostgresFlowDependencyStore } from './stores/postgres-flow-dependency-store.js';
import { PostgresFlowLockStore } from './stores/postgres-flow-lock-store.js';
import { PostgresProjectFiles } from './stores/postgres-project-files.js';
import { PostgresProjectStore } from './stores/postgres-project-store.js';
import { PostgresSessionStore } from './stores/postgres-session-store.js';

/** The stores on one connection pool, or inside one transaction. */
export function createStores(db: Knex): Stores {
  return {
    projects: new PostgresProjectStore(db),
    projectFiles: new PostgresProjectFiles(db),
    executions: new PostgresExecutionStore(db),
    executionEnds: new PostgresExecutionEndStore(db),
    flowDependencies: new PostgresFlowDependencyStore(db),
    flowLocks: new PostgresFlowLockStore(db),
    sessions: new PostgresSessionStore(db),
  };
}
