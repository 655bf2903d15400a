import { spawn } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { open, readFile, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { EmbeddedPostgresOptions } from './embedded-postgres.js';
import { notOurs, type Layout, type Runtime } from './layout.js';
import { startMarkOf } from './process-identity.js';
import { programOptions } from './program-options.js';
import { serverSettings } from './server-settings.js';

/** A running PostgreSQL server of a data folder. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly startMark: string;
}

const FAST_SHUTDOWN_MS = 20_000;
const IMMEDIATE_SHUTDOWN_MS = 5_000;
const LOG_LIMIT_BYTES = 4 << 20;

/** The server that runs on this data folder, whoever started it. Undefined when there is none, or it is on its way out. */
export async function findPostmaster(layout: Layout): Promise<Postmaster | undefined> {
  const pidFile = await readPidFile(layout);
  if (pidFile === undefined) return undefined;
  const startMark = startMarkOf(pidFile.pid);
  if (startMark === undefined || !worksIn(pidFile.pid, layout)) return undefined;
  return { ...pidFile, startMark };
}

export function isRunning({ pid, startMark }: Postmaster): boolean {
  return startMarkOf(pid) === startMark;
}

/** Starts a server; it outlives this process unless stopped. Resolves at once: ask it whether it is ready. */
export async function spawnPostmaster(
  layout: Layout,
  runtime: Runtime,
  start: { port: number; options: EmbeddedPostgresOptions },
): Promise<Postmaster> {
  await clearRemains(layout);
  const log = await openLog(layout);
  try {
    const child = spawn(
      join(runtime.binDir, 'postgres'),
      ['-D', realpathSync(layout.clusterDir), ...serverSettings(start)],
      // A group of its own: Ctrl-C in a terminal reaches Lockstep, which then stops the server in its own time. A file
      // for its messages: a pipe would break with this process.
      { ...programOptions(runtime.account), detached: true, stdio: ['ignore', log.fd, log.fd] },
    );
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    const pid = child.pid ?? 0;
    return { pid, port: start.port, startMark: startMarkOf(pid) ?? '' };
  } finally {
    await log.close();
  }
}

/** Ends a server: first politely (open connections are cut, data is flushed), then harder. Resolves when it is gone. */
export async function stopPostmaster(postmaster: Postmaster, layout: Layout): Promise<'fast' | 'immediate' | 'killed'> {
  signal(postmaster, 'SIGINT');
  if (await isGoneWithin(postmaster, FAST_SHUTDOWN_MS)) return 'fast';
  signal(postmaster, 'SIGQUIT');
  if (await isGoneWithin(postmaster, IMMEDIATE_SHUTDOWN_MS)) return 'immediate';
  signal(postmaster, 'SIGKILL');
  await isGoneWithin(postmaster, IMMEDIATE_SHUTDOWN_MS);
  await clearRemains(layout);
  return 'killed';
}

/** The last lines a server has written, for an error message. */
export async function lastMessages({ logFile }: Layout): Promise<string> {
  const text = await readFile(logFile, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-12).join('\n');
}

async function readPidFile({ clusterDir }: Layout): Promise<{ pid: number; port: number } | undefined> {
  const file = join(clusterDir, 'postmaster.pid');
  try {
    // Lines: pid, data folder, start time, port, …
    const [pid, , , port] = (await readFile(file, 'utf8')).split('\n');
    return { pid: Math.abs(Number(pid)), port: Number(port) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw notOurs(file, error);
  }
}

/**
 * Servers that were killed leave a pid file, and children that live until they notice. Both keep a new server from
 * starting; neither is of use. The caller holds the start lock, and knows that no server runs.
 */
async function clearRemains(layout: Layout): Promise<void> {
  const pidFile = join(layout.clusterDir, 'postmaster.pid');
  const found = await stat(pidFile).catch(() => undefined);
  if (found === undefined) return;
  const signals = ['SIGQUIT', 'SIGKILL'] as const;
  for (const each of signals) {
    for (const pid of processesIn(layout)) killQuietly(pid, each);
    for (let waitedMs = 0; waitedMs < 1_000 && processesIn(layout).length > 0; waitedMs += 20) await delay(20);
  }
  // Its pid may belong to another program by now, which would make the new server believe it still runs.
  await rm(pidFile, { force: true });
}

function processesIn(layout: Layout): readonly number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => worksIn(pid, layout) && startMarkOf(pid) !== undefined);
}

/** Every process of a server works in its data folder; that tells it from another program with a reused pid. */
function worksIn(pid: number, { clusterDir }: Layout): boolean {
  if (process.platform !== 'linux') return true;
  try {
    return readFileSync(`/proc/${pid}/comm`, 'latin1').startsWith('postgres') && cwdIs(pid, clusterDir);
  } catch {
    return false;
  }
}

function cwdIs(pid: number, clusterDir: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(clusterDir);
  } catch (error) {
    // Another user's process: only the name could be checked.
    return (error as NodeJS.ErrnoException).code === 'EACCES';
  }
}

async function openLog({ logFile }: Layout): Promise<Awaited<ReturnType<typeof open>>> {
  try {
    const { size } = await stat(logFile).catch(() => ({ size: 0 }));
    if (size > LOG_LIMIT_BYTES) await truncate(logFile);
    return await open(logFile, 'a', 0o600);
  } catch (error) {
    throw notOurs(logFile, error);
  }
}

async function isGoneWithin(postmaster: Postmaster, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  for (let pauseMs = 2; isRunning(postmaster); pauseMs = Math.min(pauseMs * 1.5, 50)) {
    if (performance.now() > deadline) return false;
    await delay(pauseMs);
  }
  return true;
}

function signal(postmaster: Postmaster, name: NodeJS.Signals): void {
  if (isRunning(postmaster)) killQuietly(postmaster.pid, name);
}

function killQuietly(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
