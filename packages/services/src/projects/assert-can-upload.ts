import { DomainError } from '@lockstep/domain';
import type { Project, User } from '@lockstep/domain';
import type { ServiceContext } from '../context.js';

/**
 * Everything that is checked before an uploaded file is looked at, in Azkaban's order: the project, the lock-down, WRITE.
 * Throws `project.not-found`, `project.removed`, `permission.upload-projects`, `permission.missing`.
 */
export async function assertCanUpload(context: ServiceContext, user: User, projectName: string): Promise<Project> {
  const project = await findForUpload(context, projectName);
  if (context.limits.lockdownUploadProjects && !context.access.hasRolePermission(user, 'UPLOADPROJECTS')) {
    throw new DomainError('permission.upload-projects', { user: user.name });
  }
  context.access.assertCan(user, 'WRITE', project);
  return project;
}

async function findForUpload({ stores }: ServiceContext, name: string): Promise<Project> {
  const project = await stores.projects.findByName(name);
  if (project !== undefined) return project;
  const deleted = await stores.projects.findDeletedByName(name);
  throw new DomainError(deleted === undefined ? 'project.not-found' : 'project.removed', { project: name });
}
