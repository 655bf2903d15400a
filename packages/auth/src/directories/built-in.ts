import type { Role } from '@lockstep/domain';
import type { UserDirectory } from '../user-directory.js';
import { createListDirectory } from './user-list.js';
import type { UserEntry, UserList } from './user-list.js';

const USERS: readonly UserEntry[] = [
  {
    name: 'azkaban',
    password: { kind: 'plain', password: 'azkaban' },
    roles: ['admin'],
    groups: ['azkaban'],
    proxyUsers: [],
  },
  {
    name: 'metrics',
    password: { kind: 'plain', password: 'metrics' },
    roles: ['metrics'],
    groups: [],
    proxyUsers: [],
  },
];

const ROLES: readonly Role[] = [
  { name: 'admin', permissions: ['ADMIN'] },
  { name: 'metrics', permissions: ['METRICS'] },
];

/** The users of the file that Azkaban ships, for a first try without any set-up. Their passwords are well known. */
export function createBuiltInUserDirectory(): UserDirectory {
  const list: UserList = {
    users: new Map(USERS.map((user) => [user.name, user])),
    groups: new Map(),
    roles: new Map(ROLES.map((role) => [role.name, role])),
  };
  return createListDirectory({ current: () => list });
}
