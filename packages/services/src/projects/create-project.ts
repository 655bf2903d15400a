import { DomainError } from '@lockstep/domain';
import type { Project, Stores, User } from '@lockstep/domain';
import type { ServiceContext } from '../context.js';
import { assertDescriptionFits } from './assert-description-fits.js';

// A letter, then letters, digits, "_", "-" or "|" (Azkaban's character class really contains the bar).
const PROJECT_NAME = /^[a-zA-Z][a-zA-Z_0-9|-]*$/;
const MAX_NAME_LENGTH = 64;

/** The creator becomes ADMIN of the project. Throws `permission.create-projects` or `project.*`, in Azkaban's order. */
export async function createProject(
  context: ServiceContext,
  user: User,
  project: { name: string; description: string },
): Promise<Project> {
  assertCanCreate(context, user);
  assertWellFormed(project);
  const { unitOfWork, clock, limits } = context;

  return unitOfWork.transaction(async (stores) => {
    const at = clock.now();
    const created = await stores.projects.create({ ...project, user: user.name, at });
    if (created === undefined) throw new DomainError('project.exists', { project: project.name });
    await stores.projects.addEvent({ projectId: created.id, at, user: user.name, type: 'CREATED' });
    return limits.creatorDefaultProxy ? addProxyUser(stores, created, user.name) : created;
  });
}

function assertCanCreate({ access, limits }: ServiceContext, user: User): void {
  if (limits.lockdownCreateProjects && !access.hasRolePermission(user, 'CREATEPROJECTS')) {
    throw new DomainError('permission.create-projects', { user: user.name });
  }
}

function assertWellFormed({ name, description }: { name: string; description: string }): void {
  if (name.trim() === '') throw new DomainError('project.empty-name');
  if (description.trim() === '') throw new DomainError('project.empty-description');
  if (!PROJECT_NAME.test(name) || name.length > MAX_NAME_LENGTH) {
    throw new DomainError('project.bad-name', { project: name });
  }
  assertDescriptionFits(description);
}

async function addProxyUser(stores: Stores, project: Project, proxyUser: string): Promise<Project> {
  await stores.projects.addProxyUser(project.id, proxyUser);
  return { ...project, proxyUsers: [...project.proxyUsers, proxyUser] };
}
