import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import type { Layout } from './layout.js';
import { notOurs } from './layout.js';
import { identityOf, isAlive, isHere, type ProcessIdentity } from './process-identity.js';

/** Who stops the server, and on which port it was last. */
export interface Ownership {
  /** Undefined after an orderly stop. */
  readonly owner?: ProcessIdentity;
  readonly port: number;
}

/** An owner on another machine (another container on the same volume) is known to live by the age of its file. */
export const OWNER_REFRESH_MS = 2_000;
const FOREIGN_OWNER_DEAD_AFTER_MS = 10_000;

export async function readOwnership({ ownerFile }: Layout): Promise<Ownership | undefined> {
  try {
    return JSON.parse(await readFile(ownerFile, 'utf8')) as Ownership;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw notOurs(ownerFile, error);
  }
}

export async function writeOwnership(layout: Layout, port: number): Promise<void> {
  const owner = identityOf(process.pid);
  await write(layout, owner ? { owner, port } : { port });
}

/** The port stays known: a server that comes back there is found again by those who used it. */
export async function endOwnership(layout: Layout, port: number): Promise<void> {
  await write(layout, { port });
}

async function write({ ownerFile }: Layout, ownership: Ownership): Promise<void> {
  const temporary = `${ownerFile}.${randomUUID()}`;
  try {
    await writeFile(temporary, JSON.stringify(ownership), { mode: 0o644 });
    await rename(temporary, ownerFile);
  } catch (error) {
    throw notOurs(ownerFile, error);
  }
}

/** Says that the owner still lives. */
export async function refreshOwnership({ ownerFile }: Layout): Promise<void> {
  const now = new Date();
  await utimes(ownerFile, now, now).catch(() => undefined);
}

export async function isOwnerAlive({ ownerFile }: Layout, { owner }: Ownership): Promise<boolean> {
  if (owner === undefined) return false;
  if (isHere(owner)) return isAlive(owner);
  const { mtimeMs } = await stat(ownerFile);
  const probe = `${ownerFile}.now-${randomUUID()}`;
  await writeFile(probe, '');
  const now = (await stat(probe)).mtimeMs;
  await rm(probe);
  return now - mtimeMs < FOREIGN_OWNER_DEAD_AFTER_MS;
}
