import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadProject } from '../index.js';
import type { LoadedProject, LoadOptions } from '../index.js';

export type Files = Readonly<Record<string, string | Buffer>>;

/** Loads a project of the given files, by path, from a folder that is gone afterwards. */
export async function loadFiles(files: Files, options: LoadOptions = {}): Promise<LoadedProject> {
  const dir = await mkdtemp(join(tmpdir(), 'load-files-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(dir, path)), { recursive: true });
      await writeFile(join(dir, path), content);
    }
    return await loadProject({ dir, ...options });
  } finally {
    await rm(dir, { recursive: true });
  }
}

/** The same for Flow 2.0: flow files by path, and a project file beside them. */
export function loadFlowFiles(files: Files, options: LoadOptions = {}): Promise<LoadedProject> {
  return loadFiles({ 'project.project': 'azkaban-flow-version: 2.0', ...files }, options);
}
