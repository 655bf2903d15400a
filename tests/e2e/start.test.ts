import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { START, startProcess, type LockstepProcess } from '../setup/lockstep-process.js';

jest.setTimeout(120_000);

describe('npm start', () => {
  let dataDir: string;
  let started: LockstepProcess[];
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'lockstep-start-'));
    started = [];
  });
  afterEach(async () => {
    for (const each of started) {
      if (each.child.exitCode === null && each.child.signalCode === null) each.child.kill('SIGTERM');
      await each.exited;
    }
    for (const pid of postgresProcesses(dataDir)) process.kill(pid, 'SIGKILL');
    rmSync(dataDir, { recursive: true, force: true });
  });

  function start(env: Record<string, string> = {}): LockstepProcess {
    const process = startProcess(START, { env: { LOCKSTEP_DATA_DIR: dataDir, LOCKSTEP_PORT: '0', ...env } });
    started.push(process);
    return process;
  }

  async function startUntilReady(env: Record<string, string> = {}): Promise<{ process: LockstepProcess; url: string }> {
    const process = start(env);
    const url = (await process.printed(/Lockstep is ready at (\S+)/)).replace('Lockstep is ready at ', '');
    return { process, url };
  }

  it('says where it is ready and how to log in, answers there, and stops with exit code 0 leaving nothing behind', async () => {
    const { process: server, url } = await startUntilReady();
    await server.printed('Log in as azkaban with password azkaban');
    expect(await (await fetch(`${url}/health/live`)).json()).toEqual({ status: 'live' });
    expect(await (await fetch(`${url}/health/ready`)).json()).toEqual({ status: 'ready' });
    const login = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams({ action: 'login', username: 'azkaban', password: 'azkaban' }),
    });
    expect(await login.json()).toMatchObject({ status: 'success' });
    expect(postgresProcesses(dataDir)).not.toEqual([]);

    server.child.kill('SIGTERM');
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect(postgresProcesses(dataDir)).toEqual([]);
  });

  it('takes one Ctrl-C that arrives twice for one', async () => {
    const { process: server } = await startUntilReady();
    server.child.kill('SIGINT');
    server.child.kill('SIGINT');
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect(postgresProcesses(dataDir)).toEqual([]);
  });

  it('goes on after SIGKILL with the data it had, on the next start', async () => {
    const first = await startUntilReady();
    const session = await logIn(first.url);
    first.process.child.kill('SIGKILL');
    expect(await first.process.exited).toEqual({ code: null, signal: 'SIGKILL' });

    const second = await startUntilReady();
    const projects = await fetch(`${second.url}/index?ajax=fetchallprojects&session.id=${session}`);
    expect(await projects.json()).toHaveProperty('projects');
    second.process.child.kill('SIGTERM');
    expect(await second.process.exited).toEqual({ code: 0, signal: null });
    expect(postgresProcesses(dataDir)).toEqual([]);
  });

  it('stops cleanly when it is stopped while it starts', async () => {
    const server = start();
    await untilTrue(() => existsSync(join(dataDir, 'postgres')) || server.child.exitCode !== null);
    server.child.kill('SIGTERM');
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect(postgresProcesses(dataDir)).toEqual([]);
  });

  it('refuses a data folder another instance uses, and leaves that one alone', async () => {
    const { url } = await startUntilReady();
    const second = start();
    expect(await second.exited).toEqual({ code: 1, signal: null });
    expect(second.stderr()).toContain(
      `Data folder "${dataDir}" is in use by Lockstep process ${started[0]?.child.pid}`,
    );
    expect(withoutStackTrace(second)).toBe(true);
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
  });

  it('joins the database of the instance on the same folder when it is a worker only', async () => {
    const { url } = await startUntilReady({ LOCKSTEP_ROLES: 'web,scheduler' });
    const worker = start({ LOCKSTEP_ROLES: 'worker' });
    await worker.printed('Lockstep is ready (worker)');
    worker.child.kill('SIGTERM');
    expect(await worker.exited).toEqual({ code: 0, signal: null });
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
  });

  it('refuses a taken port before it touches anything', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const server = start({ LOCKSTEP_PORT: String(port) });
    expect(await server.exited).toEqual({ code: 1, signal: null });
    expect(server.stderr()).toContain(`Port ${port} on 127.0.0.1 is taken by another program.`);
    expect(withoutStackTrace(server)).toBe(true);
    expect(readdirSync(dataDir)).toEqual([]);
    other.close();
  });

  it.each([
    [{ LOCKSTEP_PROT: '1' }, 'There is no setting LOCKSTEP_PROT; did you mean LOCKSTEP_PORT?'],
    [{ LOCKSTEP_PORT: 'x' }, 'Setting LOCKSTEP_PORT is "x": it must be a port number from 0 to 65535.'],
    [{ LOCKSTEP_ROLES: 'boss' }, '"boss" is not a role'],
    [{ LOCKSTEP_HOST: '0.0.0.0' }, 'Name an azkaban-users.xml with passwords of your own in LOCKSTEP_USERS_FILE'],
    [{ LOCKSTEP_USERS_FILE: '/no/such/users.xml' }, "User xml file /no/such/users.xml doesn't exist."],
    [
      { LOCKSTEP_DATA_DIR: '/dev/null/x' },
      'The data folder /dev/null/x cannot be used: it (or a folder above it) is a file.',
    ],
    [
      { LOCKSTEP_DATABASE_URL: 'postgres://me:hush@127.0.0.1:1/db' },
      'The database at postgres://127.0.0.1:1/db (LOCKSTEP_DATABASE_URL) cannot be used: ',
    ],
  ])('ends with one sentence and exit code 1 for %j', async (env, sentence) => {
    const server = start(env);
    expect(await server.exited).toEqual({ code: 1, signal: null });
    expect(server.stderr()).toContain(sentence);
    expect(server.stderr()).not.toContain('hush');
    expect(withoutStackTrace(server)).toBe(true);
    expect(server.stdout()).toBe('');
  });

  it('listens beyond this machine with a users file that has passwords of its own', async () => {
    const users = join(dataDir, 'users.xml');
    writeFileSync(
      users,
      '<azkaban-users><user username="ann" password="correct horse" roles="admin"/><role name="admin" permissions="ADMIN"/></azkaban-users>',
    );
    const { process: server } = await startUntilReady({ LOCKSTEP_HOST: '0.0.0.0', LOCKSTEP_USERS_FILE: users });
    await server.printed(`Log in as one of the users in ${users}`);
  });
});

async function logIn(url: string): Promise<string> {
  const body = new URLSearchParams({ action: 'login', username: 'azkaban', password: 'azkaban' });
  const answer = (await (await fetch(url, { method: 'POST', body })).json()) as { 'session.id': string };
  return answer['session.id'];
}

function withoutStackTrace(process: LockstepProcess): boolean {
  return !/^\s+at /m.test(process.stderr());
}

/** Processes of PostgreSQL that work in the data folder. */
function postgresProcesses(dataDir: string): readonly number[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' });
  return stdout
    .split('\n')
    .filter((line) => line.includes('postgres') && line.includes(dataDir) && !line.includes('start.mjs'))
    .map((line) => Number.parseInt(line, 10));
}

async function untilTrue(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('What was waited for did not happen within a minute.');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
