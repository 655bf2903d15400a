import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadOptions } from './load-options.js';
import { loadProject } from './load-project.js';
import type { LoadedProject } from './loaded-project.js';
import { extractZip } from './zip/extract-zip.js';
import type { ZipLimits } from './zip/zip-limits.js';

export interface ReadProjectZipOptions extends LoadOptions {
  readonly zipPath: string;
  /** Where the archive is unpacked for the time of the call; default: the system's folder for temporary files. */
  readonly tempDir?: string;
  readonly zipLimits?: Partial<ZipLimits>;
}

/**
 * Unpacks an archive to a folder of its own, loads the project in it (see `loadProject`) and removes the folder, whatever happens.
 *
 * @throws DomainError `upload.bad-zip` when the archive cannot be unpacked.
 */
export async function readProjectZip(options: ReadProjectZipOptions): Promise<LoadedProject> {
  const { zipPath, tempDir = tmpdir(), zipLimits, ...loadOptions } = options;
  const dir = await mkdtemp(join(tempDir, 'project-'));
  try {
    await extractZip({ zipPath, targetDir: dir, ...(zipLimits === undefined ? {} : { limits: zipLimits }) });
    return await loadProject({ dir, ...loadOptions });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
