import type { Project, User } from '@lockstep/domain';
import type { ServiceContext } from '../context.js';
import { findProject } from './find-project.js';

/**
 * Deactivates the project: its name is free again, its history and running executions stay. ADMIN.
 * Throws `project.not-found` or `permission.missing`.
 */
export async function removeProject(context: ServiceContext, user: User, name: string): Promise<Project> {
  const project = await findProject(context, name);
  context.access.assertCan(user, 'ADMIN', project);

  const change = { user: user.name, at: context.clock.now() };
  await context.unitOfWork.transaction(async ({ projects, flowDependencies }) => {
    await flowDependencies.replace(project.id, []);
    await projects.deactivate(project.id, change);
    await projects.addEvent({ projectId: project.id, ...change, type: 'DELETED' });
  });
  return { ...project, active: false, modifiedAt: change.at, modifiedBy: change.user };
}
