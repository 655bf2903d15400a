import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  chown,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { until } from '@lockstep/testing';
import pg from 'pg';
import { accountOf, canExecute, canReach, type Account } from './account.js';
import { locateBinaries } from './binaries.js';
import type { EmbeddedPostgres, EmbeddedPostgresOptions } from './embedded-postgres.js';
import { layoutOf, prepareRuntime } from './layout.js';
import { startMarkOf } from './process-identity.js';
import { joinEmbeddedPostgres, startEmbeddedPostgres } from './start-embedded-postgres.js';

const SERVER_PROCESS = fileURLToPath(new URL('./test-support/server-process.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
// Real servers and real processes: slow where many tests run at once.
jest.setTimeout(120_000);

const isRoot = process.getuid?.() === 0;

let folder: string;
let options: EmbeddedPostgresOptions;
let log: string[];
let children: ChildProcess[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lockstep-embedded-'));
  await chmod(folder, 0o755);
  log = [];
  children = [];
  options = {
    dataDir: join(folder, 'data'),
    fsync: false,
    fallbackDirs: [join(folder, 'fallback')],
    log: (message) => void log.push(message),
  };
});

afterEach(async () => {
  for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
  await Promise.all(
    children
      .filter((child) => child.exitCode === null && child.signalCode === null)
      .map((child) => once(child, 'exit')),
  );
  // Whatever a test left is taken over and stopped.
  if (await exists(join(options.dataDir, 'postgres', 'postmaster.pid'))) {
    await startEmbeddedPostgres(options).then((server) => server.stop());
  }
  await rm(folder, { recursive: true, force: true });
});

describe('the built-in PostgreSQL', () => {
  it('starts from nothing, keeps what was stored over a restart on the same port, and leaves no process behind', async () => {
    const first = await startEmbeddedPostgres(options);
    const pid = await postmasterPid();
    await query(first, 'create table kept as select 42 as answer');
    await first.stop();
    expect(startMarkOf(pid)).toBeUndefined();
    const second = await startEmbeddedPostgres(options);
    expect(second.port).toBe(first.port);
    expect(await query(second, 'select answer from kept')).toEqual([{ answer: 42 }]);
    await second.stop();
    await second.stop();
  });

  it('asks for a password that only the owner of the data folder can read', async () => {
    const server = await startEmbeddedPostgres(options);
    const { mode } = await stat(join(options.dataDir, 'postgres.password'));
    expect(mode & 0o777).toBe(0o600);
    const url = new URL(server.connectionString);
    url.password = 'guessed';
    await expect(query({ connectionString: url.href }, 'select 1')).rejects.toThrow('password authentication failed');
    await server.stop();
    expect(log.join('\n')).not.toContain(new URL(server.connectionString).password);
  });

  it('writes through to disk unless told otherwise', async () => {
    const server = await startEmbeddedPostgres({ dataDir: options.dataDir });
    const shown = await query(server, `select current_setting('fsync') || current_setting('synchronous_commit') as s`);
    expect(shown).toEqual([{ s: 'onon' }]);
    await server.stop();
  });

  it('lets another process join, and leave without stopping it', async () => {
    const server = await startEmbeddedPostgres(options);
    const guest = await inProcess('join');
    expect(guest.answer).toMatchObject({ role: 'guest', port: server.port });
    expect(await query(guest.answer, 'select 1 as one')).toEqual([{ one: 1 }]);
    await guest.stop();
    expect(await query(server, 'select 1 as one')).toEqual([{ one: 1 }]);
    await server.stop();
  });

  it('says so when there is nothing to join, and when the data folder has a living owner', async () => {
    await expect(joinEmbeddedPostgres(options)).rejects.toMatchObject({ problem: 'not-running' });
    const server = await startEmbeddedPostgres(options);
    const second = await inProcess('start');
    expect(second.answer.problem).toBe('in-use');
    expect(second.answer.message).toContain(`in use by Lockstep process ${process.pid} on`);
    await server.stop();
    await expect(joinEmbeddedPostgres(options)).rejects.toMatchObject({ problem: 'not-running' });
  });

  it('gives one of several processes that start at once the server, and turns the others away', async () => {
    const started = await Promise.all([inProcess('start'), inProcess('start'), inProcess('start')]);
    const answers = started.map(({ answer }) => answer.role ?? answer.problem);
    expect([...answers].sort()).toEqual(['in-use', 'in-use', 'owner']);
    const guest = await joinEmbeddedPostgres(options);
    expect(await query(guest, 'select 1 as one')).toEqual([{ one: 1 }]);
    await Promise.all(started.map(({ stop }) => stop()));
  });

  it('goes on for those who joined when its owner is killed, and is taken over by the next start', async () => {
    const owner = await inProcess('start');
    const guest = await joinEmbeddedPostgres(options);
    const pid = await postmasterPid();
    await owner.kill();
    expect(await query(guest, 'select 1 as one')).toEqual([{ one: 1 }]);
    const next = await startEmbeddedPostgres(options);
    expect(next.connectionString).toBe(guest.connectionString);
    expect(await postmasterPid()).toBe(pid);
    expect(log.join()).toContain(`Took over the PostgreSQL server (pid ${pid})`);
    await next.stop();
    expect(startMarkOf(pid)).toBeUndefined();
  });

  it('recovers what was committed after owner and server were killed in the middle of work', async () => {
    options = { ...options, fsync: true };
    const owner = await inProcess('start');
    await query(owner.answer, 'create table kept as select 42 as answer');
    const busy = query(owner.answer, 'select pg_sleep(600)').catch(() => undefined);
    await until(async () => (await backends(owner.answer)) > 0);
    await owner.kill();
    process.kill(await postmasterPid(), 'SIGKILL');
    const next = await startEmbeddedPostgres(options);
    await busy;
    expect(await query(next, 'select answer from kept')).toEqual([{ answer: 42 }]);
    await next.stop();
  });

  it('is started again, on the same port, when it dies under its owner', async () => {
    const server = await startEmbeddedPostgres(options);
    const pid = await postmasterPid();
    process.kill(pid, 'SIGKILL');
    await until(() => query(server, 'select 1').then(Boolean, () => false));
    expect(await postmasterPid()).not.toBe(pid);
    await server.stop();
    expect(await exists(join(options.dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
  });

  it('is not misled by a pid file that names a living process of somebody else', async () => {
    const server = await startEmbeddedPostgres(options);
    const pidFile = join(options.dataDir, 'postgres', 'postmaster.pid');
    const lines = (await readFile(pidFile, 'utf8')).split('\n');
    await server.stop();
    await writeFile(pidFile, [String(process.pid), ...lines.slice(1)].join('\n'));
    const next = await startEmbeddedPostgres(options);
    expect(await query(next, 'select 1 as one')).toEqual([{ one: 1 }]);
    await next.stop();
  });

  it('is not misled by an owner whose pid another process has got', async () => {
    const server = await startEmbeddedPostgres(options);
    await server.stop();
    const owner = { host: hostname(), pid: process.pid, startMark: 'another life' };
    await writeFile(join(options.dataDir, 'postgres.owner.json'), JSON.stringify({ owner, port: server.port }));
    const next = await startEmbeddedPostgres(options);
    expect(next.role).toBe('owner');
    await next.stop();
  });

  it('finishes a creation that was interrupted', async () => {
    await mkdir(join(options.dataDir, 'postgres.new-0', 'base'), { recursive: true });
    await writeFile(join(options.dataDir, 'postgres.password'), 'of a cluster that never was');
    const server = await startEmbeddedPostgres(options);
    expect(await query(server, 'select 1 as one')).toEqual([{ one: 1 }]);
    await server.stop();
    expect((await readdir(options.dataDir)).filter((name) => name.includes('.new-'))).toEqual([]);
  });

  it('refuses a data folder of another PostgreSQL version with a sentence that says what to do', async () => {
    await mkdir(join(options.dataDir, 'postgres'), { recursive: true });
    const [uid, gid] = isRoot ? [65534, 65534] : [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
    await chown(join(options.dataDir, 'postgres'), uid, gid);
    await writeFile(join(options.dataDir, 'postgres', 'PG_VERSION'), '12\n');
    await expect(startEmbeddedPostgres(options)).rejects.toThrow(/made by PostgreSQL 12.*pg_dump/);
  });

  it('does not start empty where a link says that the data is elsewhere', async () => {
    await mkdir(options.dataDir, { recursive: true });
    await symlink(join(folder, 'gone'), join(options.dataDir, 'postgres'));
    await expect(startEmbeddedPostgres(options)).rejects.toThrow(/that folder is gone/);
  });
});

(isRoot ? describe : describe.skip)('the built-in PostgreSQL, started as root (skipped for other users)', () => {
  const nobody = accountOf({ uid: 65534, gid: 65534 });

  it('runs as another user, who owns its data', async () => {
    const server = await startEmbeddedPostgres(options);
    const owner = await stat(join(options.dataDir, 'postgres'));
    expect(owner.uid).not.toBe(0);
    expect((await stat(`/proc/${await postmasterPid()}`)).uid).toBe(owner.uid);
    await server.stop();
  });

  it('keeps data elsewhere, behind a link, when that user cannot get into the data folder', async () => {
    await mkdir(join(folder, 'private'), { mode: 0o700 });
    options = { ...options, dataDir: join(folder, 'private', 'data') };
    const server = await startEmbeddedPostgres(options);
    await query(server, 'create table kept as select 42 as answer');
    await server.stop();
    expect((await lstat(join(options.dataDir, 'postgres'))).isSymbolicLink()).toBe(true);
    expect(await realpath(join(options.dataDir, 'postgres'))).toContain(join(folder, 'fallback'));
    const owner = await inProcess('start');
    expect(await query(owner.answer, 'select answer from kept')).toEqual([{ answer: 42 }]);
    await owner.kill();
    process.kill(await postmasterPid(), 'SIGKILL');
    const again = await startEmbeddedPostgres(options);
    expect(await query(again, 'select answer from kept')).toEqual([{ answer: 42 }]);
    await again.stop();
  });

  it('opens the data folder itself for walking through, if that alone is in the way', async () => {
    await mkdir(options.dataDir, { mode: 0o700 });
    const server = await startEmbeddedPostgres(options);
    await server.stop();
    expect((await stat(options.dataDir)).mode & 0o777).toBe(0o711);
    expect((await lstat(join(options.dataDir, 'postgres'))).isDirectory()).toBe(true);
  });

  it('copies the programs, links included, when that user cannot get into the checkout', async () => {
    const hidden = join(folder, 'private', 'native');
    await mkdir(join(folder, 'private'), { mode: 0o700 });
    await cp(locateBinaries().folder, hidden, { recursive: true, filter: (source) => !source.endsWith('.a') });
    const link = { path: 'lib/libpq.so.5', pointsTo: 'lib/libpq.so.5.18' };
    await rm(join(hidden, link.path));
    const layout = layoutOf(options);
    await mkdir(options.dataDir);
    const runtime = await prepareRuntime(layout, { folder: hidden, version: 'test', missingLinks: [link] });
    expect(runtime.binDir).toBe(join(folder, 'fallback', 'postgresql-test', 'bin'));
    expect(canExecute(runtime.account, join(runtime.binDir, 'postgres'))).toBe(true);
    const copied = join(folder, 'fallback', 'postgresql-test', link.path);
    expect((await lstat(copied)).isSymbolicLink()).toBe(true);
    expect(await realpath(copied)).toContain(link.pointsTo);
  });

  it('does not use a fallback folder somebody else has made', async () => {
    await mkdir(join(folder, 'private'), { mode: 0o700 });
    await mkdir(join(folder, 'fallback'));
    await chown(join(folder, 'fallback'), nobody.uid, nobody.gid);
    options = { ...options, dataDir: join(folder, 'private', 'data') };
    await expect(startEmbeddedPostgres(options)).rejects.toThrow(/can reach neither the data folder nor any of/);
  });

  it('runs under an ordinary user, and for root in the same folder afterwards', async () => {
    if (!canRunNode(nobody)) return console.warn('Skipped: user "nobody" cannot reach Node or this checkout.');
    await chown(folder, nobody.uid, nobody.gid);
    const owner = await inProcess('start', nobody);
    expect(owner.answer.role).toBe('owner');
    await query(owner.answer, 'create table kept as select 42 as answer');
    await owner.stop();
    const server = await startEmbeddedPostgres(options);
    expect(await query(server, 'select answer from kept')).toEqual([{ answer: 42 }]);
    await server.stop();
  });

  it('tells an ordinary user clearly that a data folder belongs to another one', async () => {
    if (!canRunNode(nobody)) return console.warn('Skipped: user "nobody" cannot reach Node or this checkout.');
    const server = await startEmbeddedPostgres(options);
    await server.stop();
    for (const verb of ['start', 'join'] as const) {
      const other = await inProcess(verb, nobody);
      expect(other.answer).toMatchObject({ problem: 'cannot-run' });
      expect(other.answer.message).toContain('LOCKSTEP_DATA_DIR');
    }
  });
});

interface Answer {
  readonly role?: string;
  readonly port?: number;
  readonly connectionString: string;
  readonly problem?: string;
  readonly message?: string;
}

/** Starts or joins in a process of its own, and waits for how it went. */
async function inProcess(verb: 'start' | 'join', account?: Account) {
  const { log: _, ...plain } = options;
  const child = spawn(
    process.execPath,
    ['--import', '@lockstep/testing/typescript', SERVER_PROCESS, verb, JSON.stringify(plain)],
    {
      cwd: ROOT,
      stdio: ['pipe', 'pipe', 'inherit'],
      ...(account ? { uid: account.uid, gid: account.gid } : {}),
    },
  );
  children.push(child);
  const ended = once(child, 'exit');
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return {
    answer: JSON.parse(line) as Answer,
    stop: async () => {
      child.stdin.end();
      await ended;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function query(server: Pick<EmbeddedPostgres, 'connectionString'>, sql: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: server.connectionString });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function backends(server: Answer): Promise<number> {
  const rows = await query(
    server,
    `select from pg_stat_activity where query like '%pg_sleep(600)' and state = 'active'`,
  );
  return rows.length;
}

async function postmasterPid(): Promise<number> {
  const text = await readFile(join(options.dataDir, 'postgres', 'postmaster.pid'), 'utf8');
  return Number(text.split('\n')[0]);
}

function canRunNode(account: Account): boolean {
  return canExecute(account, process.execPath) && canReach(account, ROOT);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
