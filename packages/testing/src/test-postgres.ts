import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, EmbeddedPostgresError, migrate, startEmbeddedPostgres, type Database } from '@lockstep/database';
import pg from 'pg';

/** A PostgreSQL for one run of tests, with a migrated template database. */
export interface TestPostgres {
  /** Of the server; the database named in it is not for tests. */
  readonly connectionString: string;
  stop(): Promise<void>;
}

/** A database of one test file, as the migrations make it. */
export interface TestDatabase extends Database {
  readonly connectionString: string;
  /** Closes the connections and drops the database. */
  drop(): Promise<void>;
}

/** Environment variable through which Jest's global setup tells the test files where the server is. */
export const TEST_POSTGRES_URL = 'LOCKSTEP_TEST_POSTGRES_URL';

const FOLDER_PREFIX = 'lockstep-test-postgres-';
const TEMPLATE = 'lockstep_template';

export async function startTestPostgres(): Promise<TestPostgres> {
  await removeAbandoned();
  const dataDir = await mkdtemp(join(tmpdir(), FOLDER_PREFIX));
  const server = await startEmbeddedPostgres({ dataDir, fsync: false });
  await runOn(server.connectionString, `create database ${TEMPLATE}`);
  await migrate({ connectionString: databaseUrl(server.connectionString, TEMPLATE) });
  return {
    connectionString: server.connectionString,
    stop: async () => {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A database of its own for a test file; `server` is by default the one Jest's global setup has started. */
export async function cloneTestDatabase(server?: Pick<TestPostgres, 'connectionString'>): Promise<TestDatabase> {
  const serverUrl = server?.connectionString ?? process.env[TEST_POSTGRES_URL];
  if (serverUrl === undefined) {
    throw new Error(
      `${TEST_POSTGRES_URL} is not set: run the test in a Jest project whose globalSetup starts the test PostgreSQL.`,
    );
  }
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await runOn(serverUrl, `create database ${name} template ${TEMPLATE}`);
  const connectionString = databaseUrl(serverUrl, name);
  const database = connect({ connectionString, applicationName: 'lockstep test' });
  return {
    ...database,
    connectionString,
    drop: async () => {
      await database.close();
      await runOn(serverUrl, `drop database ${name} with (force)`);
    },
  };
}

/** What a killed run of tests left behind, its server included. */
async function removeAbandoned(): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(FOLDER_PREFIX));
  for (const dataDir of names.map((name) => join(tmpdir(), name))) {
    try {
      const taken = await startEmbeddedPostgres({ dataDir, fsync: false });
      await taken.stop();
    } catch (error) {
      if (error instanceof EmbeddedPostgresError && ['in-use', 'cannot-run'].includes(error.problem)) continue;
    }
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function runOn(connectionString: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}
