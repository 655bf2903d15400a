import {
  createStores,
  onExecutionEnded,
  onExecutionReleased,
  PostgresExecutionJournal,
  PostgresLogChunks,
  PostgresUnitOfWork,
  PostgresWorkerRegistry,
  type OpenDatabase,
} from '@lockstep/database';
import type { Clock, ExecutionJournal, LogChunks, Stores, UnitOfWork, WorkerRegistry } from '@lockstep/domain';
import { createDispatcher, type ExecutionDispatcher, type QueueBackend } from '@lockstep/queue';
import type { Config } from '../config/keys.js';
import type { Log } from '../log/create-log.js';
import type { Shutdown } from '../shutdown.js';
import { openQueue } from './open-queue.js';

/** What the roles of one process share. */
export interface Core {
  readonly config: Config;
  readonly log: Log;
  readonly clock: Clock;
  /** Zone of log lines, pages and schedules. */
  readonly timezone: string;
  readonly database: OpenDatabase;
  readonly stores: Stores;
  readonly unitOfWork: UnitOfWork;
  readonly registry: WorkerRegistry;
  readonly journal: ExecutionJournal;
  readonly logChunks: LogChunks;
  readonly queue: QueueBackend;
  readonly dispatcher: ExecutionDispatcher;
  /** Calls back when an execution need not wait for others any more. */
  readonly onReleased: (listener: () => void) => Promise<() => Promise<void>>;
  /** Calls back when something may follow from the end of an execution. */
  readonly onEnded: (listener: () => void) => Promise<() => Promise<void>>;
}

/** The stores and the queue of an open database. Throws `StartError` when the queue cannot be used. */
export async function createCore({
  config,
  log,
  clock,
  shutdown,
  database,
}: {
  config: Config;
  log: Log;
  clock: Clock;
  shutdown: Shutdown;
  database: OpenDatabase;
}): Promise<Core> {
  const queue = await openQueue({ config, connectionString: database.connectionString });
  const dispatcher = createDispatcher({
    backend: queue,
    onError: (error) => log.warn({ err: error }, 'The queue has a problem; the sweep makes up for what it loses'),
  });
  shutdown.add({ what: 'the queue', stop: () => dispatcher.close() });
  return {
    config,
    log,
    clock,
    timezone: config.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    database,
    stores: createStores(database.knex),
    unitOfWork: new PostgresUnitOfWork(database.knex),
    registry: new PostgresWorkerRegistry(database.knex),
    journal: new PostgresExecutionJournal(database),
    logChunks: new PostgresLogChunks(database),
    queue,
    dispatcher,
    onReleased: (listener) => onExecutionReleased(database.listener, listener),
    onEnded: (listener) => onExecutionEnded(database.listener, listener),
  };
}
