import { readFile } from 'node:fs/promises';
import type { AuthLog } from '../auth-log.js';
import type { UserDirectory } from '../user-directory.js';
import { parseUserFile, UserFileError } from './parse-user-file.js';
import type { UserList } from './user-list.js';
import { createListDirectory } from './user-list.js';
import { watchFileContent } from './watch-file-content.js';

export interface XmlUserDirectory extends UserDirectory {
  /**
   * Reads the file again. A file that cannot be read or has mistakes leaves everything as it was: the answer is
   * 'kept', and the reason is logged.
   */
  reload(): Promise<'replaced' | 'kept'>;
  /** Ends the watching. */
  close(): void;
}

/**
 * The users of an azkaban-users.xml. With `watch` (default true) a change of the file counts within a second, without
 * a restart; open sessions keep the user, groups and roles they began with, while the permissions of a role are looked
 * up in the newest file. Throws `UserFileError` when the file cannot be used at the start.
 */
export async function createXmlUserDirectory({
  path,
  log,
  watch = true,
}: {
  path: string;
  log: AuthLog;
  watch?: boolean;
}): Promise<XmlUserDirectory> {
  const text = await readText(path);
  let current = parse(text);
  const watcher = watch ? watchFileContent({ path, known: text, log, onChange: () => void reload() }) : undefined;

  return {
    ...createListDirectory({ current: () => current }),
    reload,
    close: () => watcher?.close(),
  };

  async function reload(): Promise<'replaced' | 'kept'> {
    try {
      current = parse(await readText(path));
      log.info({ path, users: current.users.size }, 'The users file has changed and was read again.');
      return 'replaced';
    } catch (error) {
      log.warn({ path, err: error }, 'The changed users file cannot be used; the users stay as they were.');
      return 'kept';
    }
  }

  function parse(content: string): UserList {
    return parseUserFile(content, (message) => log.warn({ path }, message));
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new UserFileError(`User xml file ${path} doesn't exist.`, { cause });
    }
    throw new UserFileError(`User xml file ${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}
