import { connect, type ConnectOptions, type Database } from './connect.js';
import type { EmbeddedPostgres } from './embedded/embedded-postgres.js';
import { EmbeddedPostgresError } from './embedded/errors.js';
import { joinEmbeddedPostgres, startEmbeddedPostgres } from './embedded/start-embedded-postgres.js';
import { migrate } from './migrate.js';

export interface OpenDatabaseOptions extends Omit<ConnectOptions, 'connectionString'> {
  /** A PostgreSQL of the user's own; without it the built-in one is used. */
  readonly databaseUrl?: string;
  /** Where the built-in PostgreSQL keeps its data. */
  readonly dataDir: string;
  /**
   * Whose the built-in PostgreSQL is to be. `own`: this process starts and stops it; `in-use` when another living one
   * does. `join`: another process on this machine does; `not-running` when none has within `joinWithinMs`.
   * `own-or-join`: its owner if there is none, else a guest.
   */
  readonly embedded: 'own' | 'join' | 'own-or-join';
  /** Default 30 seconds: processes started together come up in any order. */
  readonly joinWithinMs?: number;
  readonly log?: (message: string) => void;
}

export interface OpenDatabase extends Database {
  readonly connectionString: string;
  /** Undefined with a PostgreSQL of the user's own. */
  readonly embeddedRole: EmbeddedPostgres['role'] | undefined;
  /** Closes the connections, then stops the built-in PostgreSQL if this process owns it. */
  close(): Promise<void>;
}

/** From nothing to a migrated database with connections. Throws `EmbeddedPostgresError` and `MigrationError`. */
export async function openDatabase(options: OpenDatabaseOptions): Promise<OpenDatabase> {
  const server = options.databaseUrl === undefined ? await embeddedServer(options) : undefined;
  const connectionString = server?.connectionString ?? options.databaseUrl ?? '';
  try {
    const applied = await migrate({ connectionString });
    if (applied.length > 0) options.log?.(`Applied ${applied.length} migration(s): ${applied.join(', ')}.`);
  } catch (error) {
    await server?.stop();
    throw error;
  }
  const database = connect({ ...options, connectionString });
  return {
    ...database,
    connectionString,
    embeddedRole: server?.role,
    close: async () => {
      await database.close();
      await server?.stop();
    },
  };
}

async function embeddedServer(options: OpenDatabaseOptions): Promise<EmbeddedPostgres> {
  const { dataDir, log, embedded, joinWithinMs = 30_000 } = options;
  const common = { dataDir, ...(log ? { log } : {}) };
  if (embedded === 'join') return joinEmbeddedPostgres({ ...common, waitMs: joinWithinMs });
  try {
    return await startEmbeddedPostgres(common);
  } catch (error) {
    const isInUse = error instanceof EmbeddedPostgresError && error.problem === 'in-use';
    if (embedded === 'own' || !isInUse) throw error;
    return joinEmbeddedPostgres({ ...common, waitMs: joinWithinMs });
  }
}
