import { randomUUID } from 'node:crypto';
import { chmod, chown, lstat, mkdir, readlink, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { accountOf, canExecute, canReach, chooseAccount, type Account } from './account.js';
import { locateBinaries } from './binaries.js';
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
}

/** Where the programs are, and who runs them. */
export interface Runtime {
  readonly account: Account | undefined;
  readonly binDir: string;
}

/** Used when the data folder (or the checkout) is where PostgreSQL's account cannot go, e.g. below /root. */
const SHARED_PLACES = ['/var/lib/lockstep', '/var/tmp/lockstep', join(tmpdir(), 'lockstep')];

export function layoutOf(dataDir: string): Layout {
  const root = resolve(dataDir);
  return {
    dataDir: root,
    clusterDir: join(root, 'postgres'),
    passwordFile: join(root, 'postgres.password'),
    ownerFile: join(root, 'postgres.owner.json'),
    logFile: join(root, 'postgres.log'),
    lockDir: join(root, 'postgres.lock'),
  };
}

/** Creates the data folder; throws `cannot-run` when this user may not write there. */
export async function prepareDataDir(layout: Layout): Promise<void> {
  try {
    const created = await mkdir(layout.dataDir, { recursive: true });
    // PostgreSQL's account must be able to walk through; what is secret in it is protected file by file.
    if (created !== undefined && process.getuid?.() === 0) await chmod(layout.dataDir, 0o711);
  } catch (error) {
    throw notOurs(layout.dataDir, error);
  }
}

/** The account to run under, and programs it can execute. */
export async function prepareRuntime(layout: Layout): Promise<Runtime> {
  const account = await accountFor(layout);
  const binaries = locateBinaries();
  const linked = await completeLinks(binaries);
  const binDir = join(binaries.folder, 'bin');
  if (linked && canExecute(account, join(binDir, 'postgres'))) return { account, binDir };

  const place = account === undefined ? layout.dataDir : await sharedPlace(account);
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
  if (!canReach(account, clusterDir)) {
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
  const isElsewhere = !canReach(account, layout.dataDir);
  const dir =
    account !== undefined && isElsewhere
      ? join(await sharedPlace(account), `postgres-${randomUUID()}`)
      : `${layout.clusterDir}.new-${randomUUID()}`;
  await mkdir(dir, { mode: 0o700 });
  if (account) await chown(dir, account.uid, account.gid);
  return { dir, isElsewhere };
}

export async function linkCluster(layout: Layout, dir: string): Promise<void> {
  await symlink(dir, layout.clusterDir);
}

async function sharedPlace(account: Account): Promise<string> {
  for (const place of SHARED_PLACES) {
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
      `${SHARED_PLACES.join(', ')}. Set LOCKSTEP_DATA_DIR to a folder it can get into, e.g. /srv/lockstep.`,
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
