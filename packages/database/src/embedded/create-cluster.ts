import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { EmbeddedPostgresError } from './errors.js';
import { assertNamedUser } from './account.js';
import { linkCluster, newClusterDir, notOurs, type Layout, type Runtime } from './layout.js';
import { programEnvironment, programOptions } from './program-options.js';

export const SUPERUSER = 'lockstep';

/**
 * Creates PostgreSQL's data folder if there is none. It is made under another name and moved when complete, so that a
 * crash in between leaves nothing half-made behind. The caller holds the start lock.
 */
export async function createClusterIfMissing(
  layout: Layout,
  runtime: Runtime,
  options: { fsync: boolean },
): Promise<{ readonly created: boolean }> {
  if (await hasCluster(layout)) {
    await assertSameVersion(layout, runtime);
    return { created: false };
  }
  assertNamedUser();
  await removeUnfinished(layout);
  const password = await keepPassword(layout);
  const { dir, isElsewhere } = await newClusterDir(layout, runtime.account);
  await initdb(dir, password, runtime, options);
  if (isElsewhere) await linkCluster(layout, dir);
  else await rename(dir, layout.clusterDir);
  return { created: true };
}

/** The superuser's password; throws `cannot-run` when it cannot be read. */
export async function readPassword({ passwordFile }: Layout): Promise<string> {
  try {
    return (await readFile(passwordFile, 'utf8')).trim();
  } catch (error) {
    throw notOurs(passwordFile, error);
  }
}

async function hasCluster({ clusterDir }: Layout): Promise<boolean> {
  try {
    await readFile(join(clusterDir, 'PG_VERSION'));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw notOurs(clusterDir, error);
  }
}

async function assertSameVersion({ clusterDir }: Layout, { binDir }: Runtime): Promise<void> {
  const found = (await readFile(join(clusterDir, 'PG_VERSION'), 'utf8')).trim();
  const { stdout } = await promisify(execFile)(join(binDir, 'postgres'), ['--version'], { env: programEnvironment() });
  // "postgres (PostgreSQL) 18.4": the major version decides whether a data folder can be used.
  const ours = /(\d+)/.exec(stdout.slice(stdout.indexOf(')')))?.[1];
  if (found === ours) return;
  throw new EmbeddedPostgresError(
    'cannot-run',
    `The database in "${clusterDir}" was made by PostgreSQL ${found}; this release brings PostgreSQL ${ours}. ` +
      'Move it over with pg_dump and pg_restore, or use the release that made it.',
  );
}

async function removeUnfinished({ clusterDir }: Layout): Promise<void> {
  const parent = dirname(clusterDir);
  const unfinished = (await readdir(parent)).filter((name) => name.startsWith(`${basename(clusterDir)}.new-`));
  await Promise.all(unfinished.map((name) => rm(join(parent, name), { recursive: true, force: true })));
}

async function keepPassword({ passwordFile }: Layout): Promise<string> {
  const password = randomBytes(24).toString('base64url');
  try {
    await rm(passwordFile, { force: true });
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  } catch (error) {
    throw notOurs(passwordFile, error);
  }
  return password;
}

async function initdb(dir: string, password: string, runtime: Runtime, { fsync }: { fsync: boolean }): Promise<void> {
  const passwordCopy = `${dir}.pw`;
  await writeFile(passwordCopy, password, { mode: 0o600 });
  try {
    if (runtime.account) await chown(passwordCopy, runtime.account.uid, runtime.account.gid);
    await promisify(execFile)(
      join(runtime.binDir, 'initdb'),
      [
        `--pgdata=${dir}`,
        `--username=${SUPERUSER}`,
        '--auth=scram-sha-256',
        `--pwfile=${passwordCopy}`,
        '--encoding=UTF8',
        // The same order and letter cases on every machine, whatever locales it has.
        '--no-locale',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--no-instructions',
        ...syncOptions(fsync),
      ],
      programOptions(runtime.account),
    );
  } catch (cause) {
    await rm(dir, { recursive: true, force: true });
    const { stderr = '' } = cause as { stderr?: string };
    throw new EmbeddedPostgresError('start-failed', `PostgreSQL's initdb failed: ${stderr.trim() || String(cause)}`, {
      cause,
    });
  } finally {
    await rm(passwordCopy, { force: true });
  }
}

function syncOptions(fsync: boolean): readonly string[] {
  if (!fsync) return ['--no-sync'];
  // One call for the whole file system instead of a thousand for its files.
  return process.platform === 'linux' ? ['--sync-method=syncfs'] : [];
}
