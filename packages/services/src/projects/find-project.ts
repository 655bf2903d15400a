import { DomainError } from '@lockstep/domain';
import type { Project } from '@lockstep/domain';
import type { ServiceContext } from '../context.js';

/** The active project of that name. Throws `project.not-found`. */
export async function findProject({ stores }: ServiceContext, name: string): Promise<Project> {
  const project = await stores.projects.findByName(name);
  if (project === undefined) throw new DomainError('project.not-found', { project: name });
  return project;
}
