import type { Project } from '@lockstep/domain';
import type { ServiceContext } from '../context.js';

/** Active projects whose own entry for that user has READ or ADMIN; groups and roles do not count (Azkaban's "Personal"). */
export async function listProjectsOfUser({ stores }: ServiceContext, userName: string): Promise<readonly Project[]> {
  const projects = await stores.projects.listActive();
  return projects.filter(({ userPermissions }) => {
    const entry = userPermissions.find(({ name }) => name === userName);
    return entry !== undefined && (entry.permissions.includes('READ') || entry.permissions.includes('ADMIN'));
  });
}
