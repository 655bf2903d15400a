import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { access, constants, cp, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ProjectFiles } from '@lockstep/domain';
import { extractZip } from '@lockstep/project-zip';

export interface ProjectCacheOptions {
  readonly files: ProjectFiles;
  /** Where unpacked projects are kept: `<folder>/<content hash>/`. */
  readonly folder: string;
}

/** Project zips, unpacked once per machine by content hash. */
export interface ProjectCache {
  /** The folder of the unpacked project. Nobody may write into it. */
  unpacked(contentHash: string): Promise<string>;
}

/** Fetches and unpacks a project when it is first asked for; several processes may share the folder. */
export function createProjectCache({ files, folder }: ProjectCacheOptions): ProjectCache {
  const underWay = new Map<string, Promise<string>>();
  return {
    unpacked(contentHash) {
      const known = underWay.get(contentHash);
      if (known !== undefined) return known;
      const unpacking = unpackOnce(files, folder, contentHash);
      underWay.set(contentHash, unpacking);
      unpacking.catch(() => underWay.delete(contentHash));
      return unpacking;
    },
  };
}

async function unpackOnce(files: ProjectFiles, folder: string, contentHash: string): Promise<string> {
  const target = join(folder, contentHash);
  if (await exists(target)) return target;
  const work = join(folder, `.${contentHash}.${randomUUID()}`);
  await mkdir(work, { recursive: true });
  try {
    const bytes = await files.read(contentHash);
    if (bytes === undefined) throw new Error(`The zip ${contentHash} is not in the database any more.`);
    const zipPath = join(work, 'project.zip');
    await pipeline(Readable.from(bytes), createWriteStream(zipPath));
    await extractZip({ zipPath, targetDir: join(work, 'files') });
    // A rename makes it appear whole; whoever comes second finds it there and drops its own copy.
    await rename(join(work, 'files'), target).catch(async (error: unknown) => {
      if (!(await exists(target))) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return target;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/**
 * Gives an execution its own copy of the project, so that a job that edits a file cannot change what later executions
 * get (Azkaban hard-links). Copies by reference where the file system can. A copy that is there already is kept: its
 * files were written by earlier jobs of the same execution.
 */
export async function copyProject(source: string, target: string): Promise<void> {
  if (await exists(target)) return;
  const work = `${target}.${randomUUID()}`;
  await cp(source, work, { recursive: true, mode: constants.COPYFILE_FICLONE, verbatimSymlinks: true });
  await rename(work, target).catch(async (error: unknown) => {
    await rm(work, { recursive: true, force: true });
    if (!(await exists(target))) throw error;
  });
}
