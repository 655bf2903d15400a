import { linkSync, readFileSync, renameSync, statSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '@lockstep/domain';
import { StartError } from '../start-error.js';
import { identityOf, isAlive, type ProcessIdentity } from './process-identity.js';

/** What the lock file says about the process that runs the instance of a data folder. */
export interface InstanceLock extends ProcessIdentity {
  readonly roles: readonly string[];
}

/** How often the owner touches its file, and how old a file of another machine must be to count as left behind. */
const TOUCH_MS = 5_000;
const LEFT_BEHIND_MS = 20_000;

/**
 * Makes this process the one instance of the data folder: the one that runs the embedded database. A lock whose process
 * is gone (killed, machine restarted) is taken over. Throws `StartError` when a living process holds it.
 */
export function lockInstance({ dataDir, roles, clock }: { dataDir: string; roles: readonly string[]; clock: Clock }): {
  release(): void;
} {
  const path = join(dataDir, 'instance.lock');
  const mine: InstanceLock = { ...requireIdentity(), roles };
  const draft = `${path}.${mine.pid}`;
  writeFileSync(draft, `${JSON.stringify(mine)}\n`);
  try {
    // A hard link appears with its content or not at all, and fails when the name exists.
    while (!linkUnlessThere(draft, path)) removeIfLeftBehind({ path, dataDir, clock });
  } finally {
    unlinkSync(draft);
  }
  const touching = setInterval(() => touch(path, clock), TOUCH_MS).unref();
  return {
    release() {
      clearInterval(touching);
      if (readLock(path)?.startMark === mine.startMark) unlinkSync(path);
    },
  };
}

/** The living process that runs the instance of this folder, if any. */
export function findInstance({ dataDir, clock }: { dataDir: string; clock: Clock }): InstanceLock | undefined {
  const path = join(dataDir, 'instance.lock');
  const lock = readLock(path);
  return lock && !isLeftBehind(lock, { path, clock }) ? lock : undefined;
}

function requireIdentity(): ProcessIdentity {
  const identity = identityOf(process.pid);
  if (!identity)
    throw new StartError('Cannot read the start time of this process (is /proc mounted, or ps installed?).');
  return identity;
}

function linkUnlessThere(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function removeIfLeftBehind({ path, dataDir, clock }: { path: string; dataDir: string; clock: Clock }): void {
  const lock = readLock(path);
  if (lock && !isLeftBehind(lock, { path, clock })) throw inUse(dataDir, lock);
  // Moved aside first: of two processes that find the same old lock, only one can move it.
  const aside = `${path}.old.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = readLock(aside);
  // Somebody was faster and this is already the new lock: give it back.
  if (moved && moved.startMark !== lock?.startMark) linkUnlessThere(aside, path);
  unlinkSync(aside);
}

function inUse(dataDir: string, lock: InstanceLock): StartError {
  const elsewhere = isAlive(lock) === undefined ? ` on host ${lock.host}` : '';
  return new StartError(
    `Data folder ${dataDir} is in use by another Lockstep, process ${lock.pid}${elsewhere} (roles ${lock.roles.join(', ')}). ` +
      'Stop that one, or give this one a folder of its own with LOCKSTEP_DATA_DIR; ' +
      'with LOCKSTEP_ROLES=worker it joins the other as an additional worker.',
  );
}

function isLeftBehind(lock: InstanceLock, { path, clock }: { path: string; clock: Clock }): boolean {
  const alive = isAlive(lock);
  if (alive !== undefined) return !alive;
  const touchedAt = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return clock.now() - touchedAt > LEFT_BEHIND_MS;
}

/** undefined: there is none, or nothing that could be a lock. */
function readLock(path: string): InstanceLock | undefined {
  try {
    const lock = JSON.parse(readFileSync(path, 'utf8')) as Partial<InstanceLock>;
    const { host, pid, startMark, roles = [] } = lock;
    if (host === undefined || pid === undefined || startMark === undefined) return undefined;
    return { host, pid, startMark, roles };
  } catch {
    return undefined;
  }
}

function touch(path: string, clock: Clock): void {
  const now = clock.now() / 1000;
  try {
    utimesSync(path, now, now);
  } catch {
    // Somebody removed the folder; the database notices that far more loudly.
  }
}
