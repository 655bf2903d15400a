import { chooseLoader } from './choose-loader.js';
import { loadFlow1 } from './flow1/load-flow1.js';
import { loadFlow2 } from './flow2/load-flow2.js';
import { completeLoadOptions } from './load-options.js';
import type { LoadOptions } from './load-options.js';
import type { LoadedProject } from './loaded-project.js';
import { hasFile, readProjectTree } from './project-tree.js';
import type { ProjectTree } from './project-tree.js';
import { unusable } from './unusable-project.js';

/**
 * Reads an unpacked project and checks it the way Azkaban does at upload. What is wrong with the project is in the answer, never
 * thrown; the same folder always gives the same answer.
 */
export async function loadProject({ dir, ...options }: { readonly dir: string } & LoadOptions): Promise<LoadedProject> {
  const settings = completeLoadOptions(options);
  const tree = await openProjectTree(dir);
  if (tree === undefined) return unusable({ fatal: NOT_A_DIRECTORY, hint: `"${dir}" cannot be listed.` });
  if (hasFile(tree, THIN_ARCHIVE_MARKER)) return unusable({ fatal: THIN_ARCHIVE, file: THIN_ARCHIVE_MARKER });

  const choice = await chooseLoader(tree, settings.limits);
  switch (choice.loader) {
    case 'none':
      return unusable(choice);
    case 'flow1':
      return loadFlow1(tree, settings);
    case 'flow2':
      return loadFlow2(tree, settings);
  }
}

const THIN_ARCHIVE_MARKER = 'app-meta/startup-dependencies.json';
const THIN_ARCHIVE = 'Thin archive support is not yet enabled on this cluster.';
const NOT_A_DIRECTORY = 'Error reading project directory. Input is not a directory or IO error happens.';

async function openProjectTree(dir: string): Promise<ProjectTree | undefined> {
  try {
    return await readProjectTree(dir);
  } catch {
    return undefined; // Reported by the caller in Azkaban's words.
  }
}
