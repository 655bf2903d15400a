import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@lockstep/domain';
import type { Permission, PermissionEntry, Project, User } from '@lockstep/domain';
import { createAccess, effectiveRoles } from './access.js';

describe('access to a project', () => {
  it.each<[string, Partial<User>, Partial<Project>, Permission, boolean]>([
    ['nothing at all', {}, {}, 'READ', false],
    ['an entry for the user', {}, { userPermissions: [entry('ann', 'READ')] }, 'READ', true],
    ['an entry for another user', {}, { userPermissions: [entry('bob', 'READ')] }, 'READ', false],
    ['a name in other letter case', {}, { userPermissions: [entry('Ann', 'READ')] }, 'READ', false],
    ['another permission (none implies another)', {}, { userPermissions: [entry('ann', 'EXECUTE')] }, 'READ', false],
    ['ADMIN of the project', {}, { userPermissions: [entry('ann', 'ADMIN')] }, 'SCHEDULE', true],
    ['an entry for a group', { groups: ['ops'] }, { groupPermissions: [entry('ops', 'WRITE')] }, 'WRITE', true],
    ['ADMIN through a group', { groups: ['x', 'ops'] }, { groupPermissions: [entry('ops', 'ADMIN')] }, 'READ', true],
    [
      'an entry for a foreign group',
      { groups: ['dev'] },
      { groupPermissions: [entry('ops', 'WRITE')] },
      'WRITE',
      false,
    ],
    ['a group named like the user', {}, { groupPermissions: [entry('ann', 'READ')] }, 'READ', false],
    ['a user named like the group', { groups: ['ops'] }, { userPermissions: [entry('ops', 'READ')] }, 'READ', false],
    ['a role with the permission', { roles: ['reader'] }, {}, 'READ', true],
    ['a role with another permission', { roles: ['reader'] }, {}, 'WRITE', false],
    ['the admin role', { roles: ['admin'] }, {}, 'EXECUTE', true],
  ])('by %s', (_by, user, project, permission, expected) => {
    const { access } = anAccess();
    expect(access.can(aUser(user), permission, aProject(project))).toBe(expected);
  });

  it('names the user, the permission and the project when it is refused', () => {
    const { access } = anAccess();
    expect(() => access.assertCan(aUser({}), 'WRITE', aProject({}))).toThrow(
      new DomainError('permission.missing', { user: 'ann', permission: 'WRITE', project: 'etl' }),
    );
  });

  it('takes ADMIN of a project for that project only', () => {
    const { access } = anAccess();
    expect(access.isAdmin(aUser({}))).toBe(false);
    expect(access.isAdmin(aUser({ roles: ['admin'] }))).toBe(true);
  });

  it('ignores a role nobody has declared, and logs it once', () => {
    const { access, warnings } = anAccess();
    const user = aUser({ roles: ['ghost', 'reader'] });
    expect(access.can(user, 'READ', aProject({}))).toBe(true);
    expect(access.can(user, 'WRITE', aProject({}))).toBe(false);
    expect(warnings).toEqual(['Role "ghost" is not declared and gives no permission.']);
  });

  it('looks permissions of a role up at every check', () => {
    const roles = new Map([['worker', { name: 'worker', permissions: ['READ'] as Permission[] }]]);
    const access = createAccess({ findRole: (name) => roles.get(name), log: silent });
    const user = aUser({ roles: ['worker'] });
    expect(access.can(user, 'EXECUTE', aProject({}))).toBe(false);
    roles.set('worker', { name: 'worker', permissions: ['EXECUTE'] });
    expect(access.can(user, 'EXECUTE', aProject({}))).toBe(true);
  });
});

describe('effective roles', () => {
  it('are the own ones, then those of the groups, each once', () => {
    const rolesOfGroup = (group: string) => (group === 'ops' ? ['runner', 'reader'] : []);
    expect(effectiveRoles({ roles: ['reader'], groups: ['dev', 'ops'], rolesOfGroup })).toEqual(['reader', 'runner']);
  });
});

const silent = { info: () => undefined, warn: () => undefined };

function anAccess() {
  const warnings: string[] = [];
  const roles = new Map<string, { name: string; permissions: Permission[] }>([
    ['admin', { name: 'admin', permissions: ['ADMIN'] }],
    ['reader', { name: 'reader', permissions: ['READ'] }],
  ]);
  const log = { ...silent, warn: (_fields: object, message: string) => void warnings.push(message) };
  return { access: createAccess({ findRole: (name) => roles.get(name), log }), warnings };
}

function entry(name: string, ...permissions: Permission[]): PermissionEntry {
  return { name, permissions };
}

function aUser(parts: Partial<User>): User {
  return { name: 'ann', groups: [], roles: [], proxyUsers: [], ...parts };
}

function aProject(parts: Partial<Project>): Project {
  return {
    id: 1,
    name: 'etl',
    description: '',
    active: true,
    createdAt: 0,
    createdBy: 'zoe',
    modifiedAt: 0,
    modifiedBy: 'zoe',
    currentVersion: 1,
    userPermissions: [],
    groupPermissions: [],
    proxyUsers: [],
    ...parts,
  };
}
