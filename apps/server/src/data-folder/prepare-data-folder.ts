import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { StartError } from '../start-error.js';

/** Creates the data folder when it is missing. Throws `StartError` when it cannot be used. */
export function prepareDataFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
    if (!statSync(path).isDirectory()) throw new Error('it is not a folder');
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new StartError(
      `The data folder ${path} cannot be used: ${reason(error as NodeJS.ErrnoException)}. ` +
        'Make it writable for this user, or name another one with LOCKSTEP_DATA_DIR.',
      { cause: error },
    );
  }
}

function reason(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'it is not writable';
    case 'EEXIST':
    case 'ENOTDIR':
      return 'it (or a folder above it) is a file';
    default:
      return error.message;
  }
}
