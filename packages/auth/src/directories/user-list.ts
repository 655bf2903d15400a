import type { Role, User } from '@lockstep/domain';
import { effectiveRoles } from '../access.js';
import { verifyPassword } from '../passwords.js';
import type { StoredPassword } from '../passwords.js';
import type { UserDirectory } from '../user-directory.js';

/** All users, groups and roles of an installation, held in memory. */
export interface UserList {
  readonly users: ReadonlyMap<string, UserEntry>;
  /** Roles by group; only groups that have some. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly roles: ReadonlyMap<string, Role>;
}

export interface UserEntry {
  readonly name: string;
  readonly password: StoredPassword;
  readonly email?: string;
  readonly roles: readonly string[];
  readonly groups: readonly string[];
  readonly proxyUsers: readonly string[];
}

const NO_SUCH_PASSWORD: StoredPassword = { kind: 'plain', password: '' };

/** A directory over the list `current` gives; it is asked at every call, so the list may be replaced at any time. */
export function createListDirectory({ current }: { current: () => UserList }): UserDirectory {
  return {
    async authenticate(name, password) {
      const list = current();
      const entry = list.users.get(name);
      const right = await verifyPassword(password, entry?.password ?? decoyOf(list));
      return entry !== undefined && right ? userOf(entry, list) : undefined;
    },
    findUser: (name) => {
      const list = current();
      const entry = list.users.get(name);
      return entry && userOf(entry, list);
    },
    hasUser: (name) => current().users.has(name),
    // Azkaban lets a permission name any group: the file need not declare it.
    isValidGroup: () => true,
    roles: () => [...current().roles.values()],
    findRole: (name) => current().roles.get(name),
    groupRoles: (group) => current().groups.get(group) ?? [],
    mayProxy: (user, proxyUser) => current().users.get(user.name)?.proxyUsers.includes(proxyUser) ?? false,
  };
}

/** What an unknown name is checked against, so that it costs as much as a known one. */
function decoyOf(list: UserList): StoredPassword {
  for (const { password } of list.users.values()) {
    if (password.kind === 'scrypt') return password;
  }
  return NO_SUCH_PASSWORD;
}

function userOf(entry: UserEntry, list: UserList): User {
  return {
    name: entry.name,
    ...(entry.email !== undefined && { email: entry.email }),
    groups: entry.groups,
    roles: effectiveRoles({ ...entry, rolesOfGroup: (group) => list.groups.get(group) ?? [] }),
    proxyUsers: entry.proxyUsers,
  };
}
