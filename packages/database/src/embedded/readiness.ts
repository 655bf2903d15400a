import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { EmbeddedPostgresError } from './errors.js';
import type { Layout } from './layout.js';
import { isRunning, lastMessages, type Postmaster } from './postmaster.js';

/** Recovery after a crash replays at most `max_wal_size` of log: seconds, a minute on a slow disk. */
const READY_WITHIN_MS = 90_000;
/** SQLSTATEs: the server is starting up or shutting down, or ended the connection because of that. */
const NOT_NOW = ['57P01', '57P02', '57P03'];
const NETWORK = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'];

export type Readiness = 'ready' | 'gone';

/**
 * Waits until the server lets us in: 'ready'; 'gone' when it ended instead. Found out by connecting, since what a server
 * writes depends on its version and language. Throws `start-failed` when it answers wrongly or too late.
 */
export async function waitUntilReady(
  postmaster: Postmaster,
  connectionString: string,
  layout: Layout,
): Promise<Readiness> {
  const deadline = performance.now() + READY_WITHIN_MS;
  for (let pauseMs = 4; ; pauseMs = Math.min(pauseMs * 1.4, 100)) {
    const problem = await tryConnect(connectionString);
    if (problem === undefined) return 'ready';
    if (!isRunning(postmaster)) return 'gone';
    if (!isTemporary(problem) || performance.now() > deadline) {
      throw new EmbeddedPostgresError(
        'start-failed',
        `The built-in PostgreSQL on port ${postmaster.port} does not let Lockstep in: ${problem.message}\n` +
          `Its last messages (${layout.logFile}):\n${await lastMessages(layout)}`,
        { cause: problem },
      );
    }
    await delay(pauseMs);
  }
}

async function tryConnect(connectionString: string): Promise<Error | undefined> {
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: 5_000,
    application_name: 'lockstep start',
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return undefined;
  } catch (error) {
    return error as Error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function isTemporary(error: Error): boolean {
  const { code } = error as { code?: string };
  return code === undefined || NOT_NOW.includes(code) || NETWORK.includes(code);
}
