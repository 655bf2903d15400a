import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { DomainError } from '@lockstep/domain';
import { extractZip, loadProject, type LoadedProject, type LoadOptions } from '@lockstep/project-zip';
import { isQuartzCron } from '@lockstep/scheduler';
import { CommandError } from '../command-error.js';

export interface OpenProject {
  /** Of the folder or zip, without its ending. */
  readonly name: string;
  /** The project's files; for a zip a temporary folder. */
  readonly folder: string;
  readonly loaded: LoadedProject;
  close(): Promise<void>;
}

/** Loads a project from a folder, or from a zip that it unpacks until `close`. Throws `CommandError`. */
export async function openProject(path: string, options: LoadOptions = {}): Promise<OpenProject> {
  const absolute = resolve(path);
  const facts = await stat(absolute).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === 'ENOENT' ? 'does not exist' : `cannot be read: ${error.message}`;
    throw new CommandError(`${path} ${reason}.`, { cause: error });
  });
  const loadOptions = { isQuartzCron, ...options };
  if (facts.isDirectory()) {
    const loaded = await loadProject({ dir: absolute, ...loadOptions });
    return { name: basename(absolute), folder: absolute, loaded, close: async () => undefined };
  }
  const folder = await unpack(absolute, path);
  const close = () => rm(folder, { recursive: true, force: true });
  try {
    return {
      name: basename(absolute).replace(/\.zip$/i, ''),
      folder,
      loaded: await loadProject({ dir: folder, ...loadOptions }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function unpack(zipPath: string, shownPath: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-project-'));
  try {
    await extractZip({ zipPath, targetDir: folder });
    return folder;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    if (error instanceof DomainError) throw new CommandError(`${shownPath}: ${error.message}`, { cause: error });
    throw error;
  }
}
