import { realpathSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { createClusterIfMissing, readPassword, SUPERUSER } from './create-cluster.js';
import type { EmbeddedPostgres, EmbeddedPostgresOptions } from './embedded-postgres.js';
import { EmbeddedPostgresError } from './errors.js';
import { freePort } from './free-port.js';
import { layoutOf, prepareDataDir, prepareRuntime, type Layout, type Runtime } from './layout.js';
import {
  endOwnership,
  isOwnerAlive,
  OWNER_REFRESH_MS,
  readOwnership,
  refreshOwnership,
  writeOwnership,
} from './owner-file.js';
import {
  findPostmaster,
  isRunning,
  lastMessages,
  spawnPostmaster,
  stopPostmaster,
  type Postmaster,
} from './postmaster.js';
import { waitUntilReady } from './readiness.js';
import { withStartLock } from './start-lock.js';

const DATABASE = 'lockstep';
/** Another program may take a free port before the server does. */
const PORT_ATTEMPTS = 5;
const WATCH_MS = 500;
/** SQLSTATEs: the database exists; it came into being while this one was being created. */
const ALREADY_CREATED = ['42P04', '23505'];

/**
 * Starts the built-in PostgreSQL of a data folder and becomes its owner: creates it the first time (about a second), takes
 * over a server whose owner was killed, clears away what a crash left. Restarts the server should it die.
 * Throws `EmbeddedPostgresError`: `in-use` when another living process owns it (then `joinEmbeddedPostgres` may do).
 *
 * Started as root, the server runs under another account (PostgreSQL insists): "postgres", "nobody", or another one that
 * exists. What that account cannot reach (a checkout or data folder below /root) is placed below /var/lib/lockstep, and
 * the data folder keeps a link to it.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const layout = layoutOf(options);
  await prepareDataDir(layout);
  const server = await withStartLock(layout.lockDir, () => takeOver(layout, options));
  return ownedServer({ layout, options, ...server });
}

/**
 * Uses the built-in PostgreSQL another process of this machine runs, waiting up to `waitMs` for it to come up.
 * Throws `not-running` when there is none.
 */
export async function joinEmbeddedPostgres(
  options: EmbeddedPostgresOptions & { readonly waitMs?: number },
): Promise<EmbeddedPostgres> {
  const layout = layoutOf(options);
  const deadline = performance.now() + (options.waitMs ?? 0);
  for (;;) {
    const postmaster = await findPostmaster(layout);
    if (postmaster && (await ownerWrites(layout, postmaster))) {
      const connectionString = connectionStringOf(await readPassword(layout), postmaster.port, DATABASE);
      if ((await waitUntilReady(postmaster, connectionString, layout)) === 'ready') {
        return { connectionString, role: 'guest', port: postmaster.port, stop: async () => undefined };
      }
    }
    if (performance.now() >= deadline) {
      throw new EmbeddedPostgresError(
        'not-running',
        `No PostgreSQL runs on data folder "${layout.dataDir}". Start Lockstep with all its roles there first, ` +
          'or set DATABASE_URL.',
      );
    }
    await delay(50);
  }
}

/** The owner file is written once the database exists, so before it there is nothing to join. */
async function ownerWrites(layout: Layout, { port }: Postmaster): Promise<boolean> {
  return (await readOwnership(layout))?.port === port;
}

interface RunningServer {
  readonly runtime: Runtime;
  readonly postmaster: Postmaster;
  readonly password: string;
}

async function takeOver(layout: Layout, options: EmbeddedPostgresOptions): Promise<RunningServer> {
  const previous = await readOwnership(layout);
  if (previous?.owner && (await isOwnerAlive(layout, previous))) {
    throw new EmbeddedPostgresError(
      'in-use',
      `Data folder "${layout.dataDir}" is in use by Lockstep process ${previous.owner.pid} on ${previous.owner.host}. ` +
        'Stop that one, or set LOCKSTEP_DATA_DIR to another folder.',
    );
  }
  const runtime = await prepareRuntime(layout);
  const { created } = await createClusterIfMissing(layout, runtime, { fsync: options.fsync !== false });
  if (created) options.log?.(`Created a PostgreSQL data folder in ${realpathSync(layout.clusterDir)}.`);
  const password = await readPassword(layout);
  const postmaster =
    (await adopt(layout, options, password)) ??
    (await start({ layout, options, runtime, password, port: previous?.port }));
  await createDatabaseIfMissing(connectionStringOf(password, postmaster.port, 'postgres'));
  await writeOwnership(layout, postmaster.port);
  return { runtime, postmaster, password };
}

/** A server whose owner was killed: used as it is if it answers, else ended. */
async function adopt(
  layout: Layout,
  { log }: EmbeddedPostgresOptions,
  password: string,
): Promise<Postmaster | undefined> {
  const orphan = await findPostmaster(layout);
  if (orphan === undefined) return undefined;
  try {
    const readiness = await waitUntilReady(orphan, connectionStringOf(password, orphan.port, 'postgres'), layout);
    if (readiness === 'gone') return undefined;
    log?.(`Took over the PostgreSQL server (pid ${orphan.pid}) that a former Lockstep process left running.`);
    return orphan;
  } catch (error) {
    const how = await stopPostmaster(orphan, layout);
    log?.(`Ended (${how}) a PostgreSQL server (pid ${orphan.pid}) that did not answer: ${(error as Error).message}`);
    return undefined;
  }
}

async function start(server: {
  layout: Layout;
  options: EmbeddedPostgresOptions;
  runtime: Runtime;
  password: string;
  port: number | undefined;
}): Promise<Postmaster> {
  const { layout, options, runtime, password } = server;
  let preferred = server.port;
  for (let attempt = 1; attempt <= PORT_ATTEMPTS; attempt++) {
    const port = await freePort(preferred);
    const postmaster = await spawnPostmaster(layout, runtime, { port, options });
    const readiness = await waitUntilReady(postmaster, connectionStringOf(password, port, 'postgres'), layout);
    if (readiness === 'ready') return postmaster;
    preferred = undefined;
  }
  throw new EmbeddedPostgresError(
    'start-failed',
    `The built-in PostgreSQL ended right after its start. Its last messages (${layout.logFile}):\n` +
      (await lastMessages(layout)),
  );
}

async function createDatabaseIfMissing(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  } catch (error) {
    // Asked for by a process that was killed, and finished by the server nevertheless.
    if (!ALREADY_CREATED.includes((error as { code?: string }).code ?? '')) throw error;
  } finally {
    await client.end();
  }
}

function connectionStringOf(password: string, port: number, database: string): string {
  return `postgresql://${SUPERUSER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
}

/** Keeps the server running until `stop`: one that died is started again, on the same port, for everybody who uses it. */
function ownedServer({
  layout,
  options,
  runtime,
  postmaster: first,
  password,
}: RunningServer & { layout: Layout; options: EmbeddedPostgresOptions }): EmbeddedPostgres {
  const { port } = first;
  let postmaster = first;
  let stopping: Promise<void> | undefined;
  let restarting: Promise<void> | undefined;

  const watch = setInterval(() => {
    if (!isRunning(postmaster)) restarting ??= restart().finally(() => (restarting = undefined));
  }, WATCH_MS);
  const refresh = setInterval(() => void refreshOwnership(layout), OWNER_REFRESH_MS);
  watch.unref();
  refresh.unref();

  async function restart(): Promise<void> {
    options.log?.(`The PostgreSQL server (pid ${postmaster.pid}) ended unexpectedly; starting it again.`);
    try {
      postmaster = await withStartLock(layout.lockDir, () => startAgain());
    } catch (error) {
      options.log?.(`PostgreSQL could not be started again, trying on: ${(error as Error).message}`);
    }
  }

  async function startAgain(): Promise<Postmaster> {
    const again = await start({ layout, options, runtime, password, port });
    if (again.port === port) return again;
    await stopPostmaster(again, layout);
    throw new Error(`another program has taken port ${port}`);
  }

  async function stop(): Promise<void> {
    clearInterval(watch);
    clearInterval(refresh);
    await restarting;
    await withStartLock(layout.lockDir, async () => {
      await stopPostmaster(postmaster, layout);
      await endOwnership(layout, port);
    });
  }

  return {
    connectionString: connectionStringOf(password, port, DATABASE),
    role: 'owner',
    port,
    stop: () => (stopping ??= stop()),
  };
}
