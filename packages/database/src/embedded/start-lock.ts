import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, readdir, rename, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identityOf, isAlive, isHere, type ProcessIdentity } from './process-identity.js';

/** A holder on another machine (a container, say) cannot be asked whether it lives; its file says so by its age. */
const REFRESH_MS = 1_000;
const FOREIGN_HOLDER_DEAD_AFTER_MS = 10_000;
const RETRY_MS = 20;

/**
 * Runs `work` while no other process runs its own for the same folder. A holder that died frees the lock.
 *
 * The lock is a folder of numbered files; whoever creates the highest number holds it, and may do so only when the file
 * before it is marked as released or its writer is dead. Numbers only grow, so two processes that find the same dead holder
 * cannot both take its place, which deleting and re-creating one file would allow.
 */
export async function withStartLock<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  await mkdir(folder, { recursive: true });
  const file = await acquire(folder);
  const refresh = setInterval(() => void touch(file).catch(() => undefined), REFRESH_MS);
  try {
    return await work();
  } finally {
    clearInterval(refresh);
    await writeAtomically(folder, file, RELEASED);
  }
}

const RELEASED = 'released';

async function acquire(folder: string): Promise<string> {
  const own = join(folder, `candidate-${randomUUID()}`);
  await writeFile(own, JSON.stringify(identityOf(process.pid)));
  try {
    for (;;) {
      const highest = await highestNumber(folder);
      if (highest === 0 || (await isFree(join(folder, String(highest))))) {
        const file = join(folder, String(highest + 1));
        if ((await createFrom(own, file)) && (await highestNumber(folder)) === highest + 1) {
          await removeBelow(folder, highest + 1);
          return file;
        }
      }
      await delay(RETRY_MS);
    }
  } finally {
    await unlink(own).catch(() => undefined);
  }
}

async function highestNumber(folder: string): Promise<number> {
  return Math.max(0, ...(await numbers(folder)));
}

async function numbers(folder: string): Promise<readonly number[]> {
  return (await readdir(folder)).filter((name) => /^\d+$/.test(name)).map(Number);
}

async function isFree(file: string): Promise<boolean> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return false; // Replaced meanwhile: look again.
  if (text === RELEASED) return true;
  const holder = JSON.parse(text) as ProcessIdentity;
  if (isHere(holder)) return !isAlive(holder);
  const { mtimeMs } = await stat(file);
  return (await folderNow(file)) - mtimeMs > FOREIGN_HOLDER_DEAD_AFTER_MS;
}

/** "Now" by the clock of the file system, which is the one that stamped the holder's file. */
async function folderNow(file: string): Promise<number> {
  const probe = `${file}.now-${randomUUID()}`;
  await writeFile(probe, '');
  const { mtimeMs } = await stat(probe);
  await unlink(probe);
  return mtimeMs;
}

/** A link is created whole or not at all: nobody can read a half-written holder. */
async function createFrom(source: string, target: string): Promise<boolean> {
  try {
    await link(source, target);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function removeBelow(folder: string, number: number): Promise<void> {
  const lower = (await numbers(folder)).filter((other) => other < number);
  await Promise.all(lower.map((other) => unlink(join(folder, String(other))).catch(() => undefined)));
}

async function touch(file: string): Promise<void> {
  const now = new Date();
  await utimes(file, now, now);
}

async function writeAtomically(folder: string, file: string, text: string): Promise<void> {
  const temporary = join(folder, `release-${randomUUID()}`);
  await writeFile(temporary, text);
  await rename(temporary, file);
}
