import type { Account } from './account.js';

/** How PostgreSQL's programs are started: as that account, from a folder it can be in, with nothing inherited. */
export function programOptions(account: Account | undefined): {
  readonly cwd: string;
  readonly env: Record<string, string>;
  readonly uid?: number;
  readonly gid?: number;
} {
  const options = { cwd: '/', env: programEnvironment() };
  return account ? { ...options, uid: account.uid, gid: account.gid } : options;
}

/** The zone is given so that initdb does not compare hundreds of zone files with the system's. */
export function programEnvironment(): Record<string, string> {
  return { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}
