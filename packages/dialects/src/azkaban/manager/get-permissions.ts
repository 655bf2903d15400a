import type { PermissionEntry } from '@lockstep/domain';
import type { JsonObject } from '../../kit/pretty-json.js';
import type { ManagerCall } from '../ajax-action.js';

/** Entries of users only; `getGroupPermissions` has the groups. */
export async function getPermissions({ project }: ManagerCall): Promise<JsonObject> {
  return {
    permissions: project.userPermissions.map(renderEntry),
    project: project.name,
    projectId: project.id,
  };
}

/** The same form: `username` holds the group's name. */
export async function getGroupPermissions({ project }: ManagerCall): Promise<JsonObject> {
  return {
    permissions: project.groupPermissions.map(renderEntry),
    project: project.name,
    projectId: project.id,
  };
}

function renderEntry({ name, permissions }: PermissionEntry): JsonObject {
  return { permission: permissions, username: name };
}
