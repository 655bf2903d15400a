import type { Project, ProjectDefinition, User } from '@lockstep/domain';
import type { ServiceContext } from '../context.js';

/** The parsed project of a version, by default the current one. READ. Throws `version.not-found`. */
export async function readDefinition(
  { access, definitions }: ServiceContext,
  user: User,
  { project, version = project.currentVersion }: { project: Project; version?: number | undefined },
): Promise<ProjectDefinition> {
  access.assertCan(user, 'READ', project);
  return definitions.load({ projectId: project.id, projectName: project.name, version });
}
