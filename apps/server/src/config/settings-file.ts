import { readFileSync } from 'node:fs';
import { parseProperties } from '@lockstep/props';
import { StartError } from '../start-error.js';

export interface SettingsFile {
  readonly path: string;
  readonly values: Readonly<Record<string, string>>;
}

/** Reads the named file, or the first candidate that exists. Throws `StartError` when it is there but unreadable. */
export function readSettingsFile(places: {
  readonly named?: string;
  readonly candidates: readonly string[];
}): SettingsFile | undefined {
  if (places.named !== undefined) {
    const file = readIfThere(places.named);
    if (!file) throw new StartError(`The settings file ${places.named} (LOCKSTEP_SETTINGS_FILE) does not exist.`);
    return file;
  }
  for (const path of places.candidates) {
    const file = readIfThere(path);
    if (file) return file;
  }
  return undefined;
}

function readIfThere(path: string): SettingsFile | undefined {
  try {
    return { path, values: parseProperties(readFileSync(path)) };
  } catch (error) {
    // ENOTDIR: a folder on the way is a file, which is for whoever uses the folder to complain about.
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw new StartError(`The settings file ${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
