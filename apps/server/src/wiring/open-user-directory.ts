import {
  UserFileError,
  createBuiltInUserDirectory,
  createXmlUserDirectory,
  wellKnownPasswords,
  type UserDirectory,
} from '@lockstep/auth';
import { isLoopback } from '../http/is-loopback.js';
import type { Log } from '../log/create-log.js';
import { StartError } from '../start-error.js';

export interface OpenUserDirectory {
  readonly directory: UserDirectory;
  /** How somebody who has just started the server logs in. */
  readonly howToLogIn: string;
  close(): void;
}

/**
 * The users of the file, or the built-in ones. Throws `StartError` when the file cannot be used, and when the server
 * would be reachable from other machines with a password everybody knows.
 */
export async function openUserDirectory({
  usersFile,
  host,
  log,
}: {
  usersFile: string | undefined;
  host: string;
  log: Log;
}): Promise<OpenUserDirectory> {
  const opened = usersFile === undefined ? builtIn() : await fromFile(usersFile, log);
  if (!isLoopback(host)) await refuseKnownPasswords(opened.directory, { usersFile, host });
  return opened;
}

function builtIn(): OpenUserDirectory {
  return {
    directory: createBuiltInUserDirectory(),
    howToLogIn: 'Log in as azkaban with password azkaban (users of your own: LOCKSTEP_USERS_FILE)',
    close() {},
  };
}

async function fromFile(path: string, log: Log): Promise<OpenUserDirectory> {
  try {
    const directory = await createXmlUserDirectory({ path, log });
    return { directory, howToLogIn: `Log in as one of the users in ${path}`, close: () => directory.close() };
  } catch (error) {
    if (!(error instanceof UserFileError)) throw error;
    throw new StartError(`LOCKSTEP_USERS_FILE: ${error.message}`, { cause: error });
  }
}

async function refuseKnownPasswords(
  directory: UserDirectory,
  { usersFile, host }: { usersFile: string | undefined; host: string },
): Promise<void> {
  const names = await wellKnownPasswords(directory);
  if (names.length === 0) return;
  const wayOut =
    usersFile === undefined
      ? 'Name an azkaban-users.xml with passwords of your own in LOCKSTEP_USERS_FILE'
      : `Change ${names.length === 1 ? 'that password' : 'those passwords'} in ${usersFile} (LOCKSTEP_USERS_FILE)`;
  throw new StartError(
    `Lockstep does not listen on ${host}, where other machines reach it, while ${names.join(', ')} can log in with a password ` +
      `everybody knows. ${wayOut}, or leave LOCKSTEP_HOST at 127.0.0.1.`,
  );
}
