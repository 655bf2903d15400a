import { readFileSync } from 'node:fs';
import type { Properties } from '@lockstep/domain';
import { parseProperties } from '@lockstep/props';
import { StartError } from '../start-error.js';

/** The properties of all jobs from the file of the settings. Throws `StartError` when it cannot be read. */
export function readGlobalProperties(path: string | undefined): Properties {
  if (path === undefined) return {};
  try {
    return parseProperties(readFileSync(path));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(`The file of LOCKSTEP_GLOBAL_PROPERTIES, ${path}, cannot be read: ${reason}`, {
      cause: error,
    });
  }
}
