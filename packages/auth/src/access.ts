import { DomainError } from '@lockstep/domain';
import type { Permission, PermissionEntry, Project, Role, User } from '@lockstep/domain';
import type { AuthLog } from './auth-log.js';

/** Decides who may do what. Nothing else in the product compares permissions. */
export interface Access {
  /**
   * true when the project's entry for the user, its entry for one of the user's groups, or one of the user's roles has
   * the permission or ADMIN. Permissions do not imply one another: EXECUTE alone can run a flow but not look at it.
   */
  can(user: User, permission: Permission, project: Project): boolean;
  /** Throws `permission.missing`. */
  assertCan(user: User, permission: Permission, project: Project): void;
  /** true when one of the user's roles has the permission or ADMIN; what holds everywhere, whatever the project. */
  hasRolePermission(user: User, permission: Permission): boolean;
  isAdmin(user: User): boolean;
}

/**
 * `findRole` is asked at every check, so that a change to a role counts at once, also for sessions that are open.
 * A role nobody has declared gives nothing and is logged once (Azkaban answers such a check with a fault).
 */
export function createAccess({
  findRole,
  log,
}: {
  findRole: (name: string) => Role | undefined;
  log: AuthLog;
}): Access {
  const undeclared = new Set<string>();

  return { can, assertCan, hasRolePermission, isAdmin };

  function assertCan(user: User, permission: Permission, project: Project): void {
    if (can(user, permission, project)) return;
    throw new DomainError('permission.missing', { user: user.name, permission, project: project.name });
  }

  function can(user: User, permission: Permission, project: Project): boolean {
    return (
      grants(permissionsOf(project.userPermissions, user.name), permission) ||
      user.groups.some((group) => grants(permissionsOf(project.groupPermissions, group), permission)) ||
      hasRolePermission(user, permission)
    );
  }

  function isAdmin(user: User): boolean {
    return hasRolePermission(user, 'ADMIN');
  }

  function hasRolePermission(user: User, permission: Permission): boolean {
    return user.roles.some((name) => grants(permissionsOfRole(name, user), permission));
  }

  function permissionsOfRole(name: string, user: User): readonly Permission[] {
    const role = findRole(name);
    if (role !== undefined) return role.permissions;
    if (!undeclared.has(name)) {
      undeclared.add(name);
      log.warn({ role: name, user: user.name }, `Role "${name}" is not declared and gives no permission.`);
    }
    return [];
  }
}

/** The roles a user has: its own, then those of its groups, each once. */
export function effectiveRoles({
  roles,
  groups,
  rolesOfGroup,
}: {
  roles: readonly string[];
  groups: readonly string[];
  rolesOfGroup: (group: string) => readonly string[];
}): readonly string[] {
  return [...new Set([...roles, ...groups.flatMap(rolesOfGroup)])];
}

function permissionsOf(entries: readonly PermissionEntry[], name: string): readonly Permission[] {
  return entries.find((entry) => entry.name === name)?.permissions ?? [];
}

function grants(permissions: readonly Permission[], wanted: Permission): boolean {
  return permissions.includes(wanted) || permissions.includes('ADMIN');
}
