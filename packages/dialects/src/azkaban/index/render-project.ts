import type { PermissionEntry, Project } from '@lockstep/domain';
import type { JsonObject } from '../../kit/pretty-json.js';

/** A project in listings. `createdBy` is who changed it last: that is what Azkaban puts there. */
export function renderProject(project: Project): JsonObject {
  return {
    projectId: project.id,
    projectName: project.name,
    createdBy: project.modifiedBy,
    createdTime: project.createdAt,
    userPermissions: project.userPermissions.map(renderEntry),
    groupPermissions: project.groupPermissions.map(renderEntry),
  };
}

function renderEntry({ name, permissions }: PermissionEntry): JsonObject {
  return { first: name, second: { types: permissions } };
}
