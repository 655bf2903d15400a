import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { EmbeddedPostgresError } from './errors.js';

/** The operating system account PostgreSQL runs under; undefined = the one this process runs under. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
}

const ROOT = 0;
/** Looked for in this order; after them any account that is not root. */
const PREFERRED = ['postgres', 'nobody'];

/** PostgreSQL refuses to run as root, so root lends it another account. Throws `cannot-run` when there is none. */
export function chooseAccount(): Account | undefined {
  if (process.getuid?.() !== ROOT) return undefined;
  const accounts = allAccounts().filter(({ uid }) => uid !== ROOT);
  const account = PREFERRED.map((name) => accounts.find((each) => each.name === name)).find(Boolean) ?? accounts[0];
  if (account === undefined) {
    throw new EmbeddedPostgresError(
      'cannot-run',
      'PostgreSQL does not run as root, and /etc/passwd has no other account to run it under. ' +
        'Create one (useradd --system postgres), start Lockstep as an ordinary user, or set DATABASE_URL.',
    );
  }
  return account;
}

/** The account of files that exist already. */
export function accountOf(owner: { uid: number; gid: number }): Account {
  const known = allAccounts().find(({ uid }) => uid === owner.uid);
  return { ...owner, name: known?.name ?? String(owner.uid) };
}

/** initdb asks the system for the name of its user and gives up without one (containers with a made-up user id). */
export function assertNamedUser(): void {
  const uid = process.getuid?.();
  if (uid === undefined || process.platform !== 'linux' || allAccounts().some((account) => account.uid === uid)) return;
  if (spawnSync('id', ['-un'], { stdio: 'ignore' }).status === 0) return;
  throw new EmbeddedPostgresError(
    'cannot-run',
    `User id ${uid} has no entry in /etc/passwd, and PostgreSQL needs one to create its data folder. ` +
      'Run Lockstep as a named user, or set DATABASE_URL to a PostgreSQL of your own.',
  );
}

/** Whether that account can get into the folder: asked of the system itself, so that modes, ACLs and mounts all count. */
export function canReach(account: Account | undefined, folder: string): boolean {
  return asAccount(account, 'cd "$1"', folder);
}

export function canExecute(account: Account | undefined, file: string): boolean {
  return asAccount(account, 'test -x "$1" && test -r "$1"', file);
}

function asAccount(account: Account | undefined, script: string, argument: string): boolean {
  if (account === undefined) return true;
  const { status, error } = spawnSync('/bin/sh', ['-c', script, 'sh', argument], {
    uid: account.uid,
    gid: account.gid,
    cwd: '/',
    env: {},
    stdio: 'ignore',
  });
  if (error) {
    throw new EmbeddedPostgresError(
      'cannot-run',
      `Lockstep runs as root but may not start a program as "${account.name}" (user id ${account.uid}): ${error.message}. ` +
        'Start it as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.',
      { cause: error },
    );
  }
  return status === 0;
}

function allAccounts(): readonly Account[] {
  return readPasswd()
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 7)
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
}

function readPasswd(): string {
  try {
    return readFileSync('/etc/passwd', 'utf8');
  } catch {
    return '';
  }
}
