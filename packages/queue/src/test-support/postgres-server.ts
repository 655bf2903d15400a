import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@lockstep/database';
import { Client } from 'pg';
import { createQueueBackend } from '../create-queue-backend.js';
import type { TestServer } from './test-server.js';

export async function createPostgresServer(): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-queue-'));
  // Started as root, the server runs under an account that has to get in here.
  await chmod(folder, 0o755);
  const schema = `queue_${randomUUID().replaceAll('-', '')}`;
  let server: EmbeddedPostgres | undefined;
  let connection = '';

  async function start(): Promise<void> {
    server ??= await startEmbeddedPostgres({ dataDir: folder, fsync: false });
    connection = server.connectionString;
  }

  async function stop(): Promise<void> {
    await server?.stop();
    server = undefined;
  }

  await start();
  await createQueueBackend({ kind: 'postgres', connection, schema }).migrate();
  return {
    backend: (options) => createQueueBackend({ kind: 'postgres', connection, schema, ...options }),
    start,
    stop,
    async loseEverything() {
      const client = new Client({ connectionString: connection });
      await client.connect();
      await client.query(`truncate ${schema}.job cascade`);
      await client.end();
    },
    async dispose() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
