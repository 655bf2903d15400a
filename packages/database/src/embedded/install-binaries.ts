import { randomUUID } from 'node:crypto';
import { chmod, copyFile, mkdir, readdir, readlink, rename, rm, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import type { MissingLink, PostgresBinaries } from './binaries.js';

/** Parts nobody needs to run a server: they are a quarter of the size. */
const LEFT_OUT = /(\.a|\/pkgconfig|\/pgxs|plpython3\.so|plperl\.so|pltcl\.so)$/;

/** Creates the missing links in the package itself; false when its folder cannot be written to. */
export async function completeLinks(binaries: PostgresBinaries): Promise<boolean> {
  try {
    await createLinks(binaries.folder, binaries.missingLinks);
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

/**
 * Copies the programs to `target`, readable and executable by everybody, with all links; harmless when they are there.
 * For a package folder that cannot be written to, or that the account PostgreSQL runs under cannot reach.
 */
export async function installBinaries(binaries: PostgresBinaries, target: string): Promise<string> {
  if (await exists(target)) return target;
  const unfinished = `${target}.new-${randomUUID()}`;
  await copyTree(binaries.folder, unfinished);
  await createLinks(unfinished, binaries.missingLinks);
  try {
    await rename(unfinished, target);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (!(await exists(target))) throw error; // Otherwise another process was faster with the same files.
  }
  return target;
}

async function createLinks(folder: string, links: readonly MissingLink[]): Promise<void> {
  for (const { path, pointsTo } of links) {
    const link = join(folder, path);
    try {
      await symlink(relative(dirname(link), join(folder, pointsTo)), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

async function copyTree(source: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  await chmod(target, 0o755); // Whatever the umask says.
  for (const entry of await readdir(source, { withFileTypes: true })) {
    const [from, to] = [join(source, entry.name), join(target, entry.name)];
    if (LEFT_OUT.test(from)) continue;
    if (entry.isDirectory()) await copyTree(from, to);
    else if (entry.isSymbolicLink()) await symlink(await readlink(from), to);
    else {
      await copyFile(from, to);
      await chmod(to, basename(source) === 'bin' ? 0o755 : 0o644);
    }
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
