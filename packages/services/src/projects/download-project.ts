import { DomainError } from '@lockstep/domain';
import type { Project, ProjectVersion, User } from '@lockstep/domain';
import type { ServiceContext } from '../context.js';
import { findProject } from './find-project.js';

/** The zip of a version as it was uploaded. READ. Throws `project.not-found`, `permission.missing`, `version.*`. */
export async function downloadProject(
  context: ServiceContext,
  user: User,
  { projectName, version: wanted }: { projectName: string; version?: number },
): Promise<{ project: Project; version: ProjectVersion; bytes: AsyncIterable<Uint8Array> }> {
  const project = await findProject(context, projectName);
  context.access.assertCan(user, 'READ', project);

  const number = wanted ?? project.currentVersion;
  const version = await context.stores.projects.findVersion(project.id, number);
  if (version === undefined) throw new DomainError('version.not-found', { project: project.name, version: number });

  const bytes = version.hasFile ? await context.stores.projectFiles.read(version.contentHash) : undefined;
  if (bytes === undefined) throw new DomainError('version.removed', { project: project.name, version: number });
  return { project, version, bytes };
}
