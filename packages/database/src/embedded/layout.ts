import { randomUUID } from 'node:crypto';
import { access, chmod, chown, constants, lstat, mkdir, readlink, realpath, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { accountOf, canExecute, canReach, chooseAccount, type Account } from './account.js';
import { locateBinaries } from './binaries.js';
import type { EmbeddedPostgresOptions } from './embedded-postgres.js';
import { EmbeddedPostgresError } from './errors.js';
import { completeLinks, installBinaries } from './install-binaries.js';

/** Where everything of one data folder is. */
export interface Layout {
  readonly dataDir: string;
  /** PostgreSQL's own folder; perhaps elsewhere, reached through a link of this name. */
  readonly clusterDir: string;
  readonly passwordFile: string;
  readonly ownerFile: string;
  readonly logFile: string;
  readonly lockDir: string;
  /** For what PostgreSQL's account cannot reach in the data folder or the checkout. */
  readonly fallbackDirs: readonly string[];
}

/** Where the programs are, and who runs them. */
export interface Runtime {
  readonly account: Account | undefined;
  readonly binDir: string;
}

/** Tried in this order; the last ones may be emptied by the system one day, but are better than not starting. */
const FALLBACK_DIRS = ['/var/lib/lockstep', '/var/tmp/lockstep', join(tmpdir(), 'lockstep')];

export function layoutOf({ dataDir, fallbackDirs = FALLBACK_DIRS }: EmbeddedPostgresOptions): Layout {
  const root = resolve(dataDir);
  return {
    dataDir: root,
    clusterDir: join(root, 'postgres'),
    passwordFile: join(root, 'postgres.password'),
    ownerFile: join(root, 'postgres.owner.json'),
    logFile: join(root, 'postgres.log'),
    lockDir: join(root, 'postgres.lock'),
    fallbackDirs,
  };
}

/** Creates the data folder; throws `cannot-run` when this user may not use it. */
export async function prepareDataDir(layout: Layout): Promise<void> {
  try {
    await mkdir(layout.dataDir, { recursive: true });
    await mkdir(layout.lockDir, { recursive: true });
    await access(layout.lockDir, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw notOurs(layout.dataDir, error);
  }
}

/** The account to run under, and programs it can execute. */
export async function prepareRuntime(layout: Layout, binaries = locateBinaries()): Promise<Runtime> {
  const account = await accountFor(layout);
  const linked = await completeLinks(binaries);
  const binDir = join(binaries.folder, 'bin');
  if (linked && canExecute(account, join(binDir, 'postgres'))) return { account, binDir };

  const place = account === undefined ? layout.dataDir : await sharedPlace(layout, account);
  return {
    account,
    binDir: join(await installBinaries(binaries, join(place, `postgresql-${binaries.version}`)), 'bin'),
  };
}

async function accountFor({ clusterDir, dataDir }: Layout): Promise<Account | undefined> {
  const owner = await stat(clusterDir).catch(() => undefined);
  if (owner === undefined) {
    await assertNoDanglingLink(clusterDir);
    return chooseAccount();
  }
  const uid = process.getuid?.();
  if (uid === undefined || uid === owner.uid) return undefined;
  if (uid !== 0) {
    throw new EmbeddedPostgresError(
      'cannot-run',
      `The database in data folder "${dataDir}" belongs to user "${accountOf(owner).name}" (id ${owner.uid}), but Lockstep ` +
        `runs as "${accountOf({ uid, gid: -1 }).name}" (id ${uid}). ` +
        'Start it as the user who made the folder, or set LOCKSTEP_DATA_DIR to another one.',
    );
  }
  const account = accountOf(owner);
  if (!canReach(account, await realpath(clusterDir))) {
    throw new EmbeddedPostgresError(
      'cannot-run',
      `User "${account.name}", who owns the database in "${clusterDir}", cannot get into that folder any more. ` +
        'Give it execute permission on every folder of the path (chmod o+x).',
    );
  }
  return account;
}

// Starting with an empty database where there was a full one would look like losing everything.
async function assertNoDanglingLink(clusterDir: string): Promise<void> {
  const link = await lstat(clusterDir).catch(() => undefined);
  if (link === undefined) return;
  throw new EmbeddedPostgresError(
    'cannot-run',
    `"${clusterDir}" is a link to "${await readlink(clusterDir)}", where the database was kept, and that folder is gone ` +
      '(or this user cannot see it). Bring it back, or delete the link to start with an empty database.',
  );
}

/** An empty folder the account owns and can reach, to become the cluster; `publish` makes it so. */
export async function newClusterDir(
  layout: Layout,
  account: Account | undefined,
): Promise<{ readonly dir: string; readonly isElsewhere: boolean }> {
  const isElsewhere = !(await canPass(account, layout.dataDir));
  const dir =
    account !== undefined && isElsewhere
      ? join(await sharedPlace(layout, account), `postgres-${randomUUID()}`)
      : `${layout.clusterDir}.new-${randomUUID()}`;
  await mkdir(dir, { mode: 0o700 });
  if (account) await chown(dir, account.uid, account.gid);
  return { dir, isElsewhere };
}

/**
 * Whether PostgreSQL's account gets through the data folder. If that folder alone is what stops it, it may walk through
 * from now on (not list): what is secret inside is protected file by file.
 */
async function canPass(account: Account | undefined, dataDir: string): Promise<boolean> {
  if (canReach(account, dataDir)) return true;
  if (!canReach(account, dirname(dataDir))) return false;
  const { mode } = await stat(dataDir);
  await chmod(dataDir, (mode & 0o7777) | 0o011);
  return canReach(account, dataDir);
}

export async function linkCluster(layout: Layout, dir: string): Promise<void> {
  await symlink(dir, layout.clusterDir);
}

async function sharedPlace({ fallbackDirs }: Layout, account: Account): Promise<string> {
  for (const place of fallbackDirs) {
    try {
      const created = await mkdir(place, { recursive: true });
      if (created !== undefined) await chmod(place, 0o755);
      // In a world-writable parent somebody else may have made it first: nothing of theirs is run or trusted.
      const { uid, mode } = await lstat(place);
      if (uid === 0 && (mode & 0o022) === 0 && canReach(account, place)) return place;
    } catch (error) {
      if (error instanceof EmbeddedPostgresError) throw error;
    }
  }
  throw new EmbeddedPostgresError(
    'cannot-run',
    `User "${account.name}", under whom root runs PostgreSQL, can reach neither the data folder nor any of ` +
      `${fallbackDirs.join(', ')}. Set LOCKSTEP_DATA_DIR to a folder it can get into, e.g. /srv/lockstep.`,
  );
}

/** Turns "permission denied" on a file of the data folder into a sentence; other errors stay as they are. */
export function notOurs(path: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'EACCES' && code !== 'EPERM' && code !== 'EROFS') return error;
  return new EmbeddedPostgresError(
    'cannot-run',
    `Lockstep${process.getuid ? ` (user id ${process.getuid()})` : ''} may not read and write "${path}". ` +
      'Start it as the user who made the data folder, or set LOCKSTEP_DATA_DIR to another one.',
    { cause: error },
  );
}
