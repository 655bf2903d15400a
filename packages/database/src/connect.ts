import knex, { type Knex } from 'knex';
import pg from 'pg';
import { createListener, type Listener } from './listen.js';
import { numberTypes } from './number-types.js';

/** Connections of one process to the database. */
export interface Database {
  /** For the stores: queries and transactions. */
  readonly knex: Knex;
  /** For the hot paths of running executions, which name their statements. */
  readonly pool: pg.Pool;
  /** One connection that listens for notifications; it comes back by itself. */
  readonly listener: Listener;
  /** Waits for queries in hand, then closes every connection. */
  close(): Promise<void>;
}

export interface ConnectOptions {
  readonly connectionString: string;
  /** Connections for the stores, at most. Default 10. */
  readonly poolSize?: number;
  /** Connections for commits and logs of running executions, at most. Default 4. */
  readonly journalPoolSize?: number;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName?: string;
  /** Called with connection problems that heal by themselves. */
  readonly onProblem?: (error: Error) => void;
}

/** A statement that takes longer is stuck; the server ends it. */
const STATEMENT_TIMEOUT_MS = 60_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 120_000;
const CONNECT_TIMEOUT_MS = 10_000;
const IDLE_CONNECTION_MS = 30_000;

/**
 * Opens no connection yet: the first query does. Connections that break are replaced; a query in hand fails, the process
 * never does.
 */
export function connect(options: ConnectOptions): Database {
  const onProblem = options.onProblem ?? (() => undefined);
  const clientConfig = {
    connectionString: options.connectionString,
    application_name: options.applicationName ?? 'lockstep',
    types: numberTypes,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
  };

  const stores = knex({
    client: 'pg',
    connection: clientConfig as Knex.PgConnectionConfig,
    pool: { min: 0, max: options.poolSize ?? 10, idleTimeoutMillis: IDLE_CONNECTION_MS },
    acquireConnectionTimeout: CONNECT_TIMEOUT_MS * 2,
  });

  const pool = new pg.Pool({
    ...clientConfig,
    max: options.journalPoolSize ?? 4,
    idleTimeoutMillis: IDLE_CONNECTION_MS,
  });
  pool.on('error', onProblem);

  const listener = createListener({ clientConfig: { ...clientConfig, statement_timeout: 0 }, onProblem });

  return {
    knex: stores,
    pool,
    listener,
    close: async () => {
      await Promise.all([listener.close(), stores.destroy(), pool.end()]);
    },
  };
}
