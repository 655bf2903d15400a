import type { Stores } from '@lockstep/domain';
import type { Knex } from 'knex';
import { PostgresExecutionStore } from './stores/postgres-execution-store.js';
import { PostgresProjectFiles } from './stores/postgres-project-files.js';
import { PostgresProjectStore } from './stores/postgres-project-store.js';
import { PostgresSessionStore } from './stores/postgres-session-store.js';

/** The stores on one connection pool, or inside one transaction. */
export function createStores(db: Knex): Stores {
  return {
    projects: new PostgresProjectStore(db),
    projectFiles: new PostgresProjectFiles(db),
    executions: new PostgresExecutionStore(db),
    sessions: new PostgresSessionStore(db),
  };
}
