import type { Project, ProjectEvent, User } from '@lockstep/domain';
import type { ServiceContext } from '../context.js';

/** The project's event log, newest first. READ. */
export async function listProjectEvents(
  { access, stores }: ServiceContext,
  user: User,
  { project, page }: { project: Project; page: { skip: number; limit: number } },
): Promise<readonly ProjectEvent[]> {
  access.assertCan(user, 'READ', project);
  return stores.projects.listEvents(project.id, page);
}
