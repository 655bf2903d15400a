import { permissionOfName } from '@lockstep/domain';
import type { Permission, Role } from '@lockstep/domain';
import { SaxesParser } from 'saxes';
import { parseStoredPassword } from '../passwords.js';
import type { StoredPassword } from '../passwords.js';
import type { UserEntry, UserList } from './user-list.js';

/** The users file cannot be used; the message says why, in Azkaban's words where it has some. */
export class UserFileError extends Error {
  override readonly name = 'UserFileError';
}

/**
 * Reads an azkaban-users.xml: `user`, `group` and `role` elements directly under `azkaban-users`; everything else is
 * passed over. Later entries of a name replace earlier ones. `warn` is told of permission names that do not exist,
 * which are skipped. Throws `UserFileError`.
 *
 * The parser knows no entities but XML's own five: one declared in the file is an error, so a file cannot blow up.
 */
export function parseUserFile(text: string, warn: (message: string) => void): UserList {
  const users = new Map<string, UserEntry>();
  const groups = new Map<string, readonly string[]>();
  const roles = new Map<string, Role>();

  for (const { name, attributes } of readEntries(text)) {
    if (name === 'user') {
      const user = readUser(attributes);
      users.set(user.name, user);
    } else if (name === 'group') {
      groups.set(required(attributes, 'group', 'name'), listOf(attributes['roles']));
    } else if (name === 'role') {
      const role = readRole(attributes, warn);
      roles.set(role.name, role);
    }
  }
  return { users, groups, roles };
}

interface Entry {
  readonly name: string;
  readonly attributes: Attributes;
}

type Attributes = Readonly<Record<string, string>>;

function readEntries(text: string): readonly Entry[] {
  const entries: Entry[] = [];
  const path: string[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw new UserFileError(`The users file is not well-formed XML: ${error.message}`, { cause: error });
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (path.length === 1 && path[0] === 'azkaban-users') entries.push({ name, attributes });
    if (path.length === 0 && name !== 'azkaban-users') {
      throw new UserFileError(`The root element of the users file is <${name}>; it must be <azkaban-users>.`);
    }
    path.push(name);
  });
  parser.on('closetag', () => path.pop());
  parser.write(text).close();
  return entries;
}

function readUser(attributes: Attributes): UserEntry {
  const name = required(attributes, 'user', 'username');
  const email = attributes['email'];
  return {
    name,
    password: readPassword(name, required(attributes, 'user', 'password')),
    ...(email !== undefined && { email }),
    roles: listOf(attributes['roles']),
    groups: listOf(attributes['groups']),
    proxyUsers: listOf(attributes['proxy']),
  };
}

function readPassword(user: string, text: string): StoredPassword {
  try {
    return parseStoredPassword(text);
  } catch (cause) {
    throw new UserFileError(`Error loading user "${user}". ${(cause as Error).message}`, { cause });
  }
}

function readRole(attributes: Attributes, warn: (message: string) => void): Role {
  const name = required(attributes, 'role', 'name');
  const permissions: Permission[] = [];
  for (const word of listOf(required(attributes, 'role', 'permissions'))) {
    const permission = permissionOfName(word);
    if (permission === undefined)
      warn(`Role "${name}" names permission "${word}", which does not exist; it is skipped.`);
    else permissions.push(permission);
  }
  return { name, permissions };
}

/** Azkaban's wording: it calls the attributes of a role `role 'name'`, those of a user only by their name. */
function required(attributes: Attributes, element: 'user' | 'group' | 'role', attribute: string): string {
  const value = attributes[attribute];
  if (value !== undefined) return value;
  const of = element === 'user' ? '' : `${element} `;
  throw new UserFileError(`Error loading ${element}. The ${of}'${attribute}' attribute doesn't exist`);
}

function listOf(text: string | undefined): readonly string[] {
  const words = (text ?? '').split(',').map((word) => word.trim());
  return [...new Set(words.filter((word) => word !== ''))];
}
