import { DomainError } from '@lockstep/domain';
import type { Execution, Permission, User } from '@lockstep/domain';
import type { ServiceContext } from '../context.js';

/** READ. Throws `execution.not-found`, `project.not-found` (deleted since), `permission.missing`. */
export async function findExecution(context: ServiceContext, user: User, id: number): Promise<Execution> {
  return findPermittedExecution(context, { user, id, permission: 'READ' });
}

/** The execution, provided the user has the permission on its project. Throws as `findExecution` does. */
export async function findPermittedExecution(
  { stores, access }: ServiceContext,
  { user, id, permission }: { user: User; id: number; permission: Permission },
): Promise<Execution> {
  const execution = await stores.executions.find(id);
  if (execution === undefined) throw new DomainError('execution.not-found', { execution: id });
  const project = await stores.projects.findById(execution.projectId);
  if (project === undefined || !project.active) {
    throw new DomainError('project.not-found', { project: execution.projectName });
  }
  access.assertCan(user, permission, project);
  return execution;
}
