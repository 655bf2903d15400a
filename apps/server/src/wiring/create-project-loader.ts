import type { Clock, ProjectDefinition, ProjectStore } from '@lockstep/domain';
import type { ProjectCache, RunnableProject } from '@lockstep/runner';
import { LRUCache } from 'lru-cache';

/** How many versions a worker keeps parsed; what a version contains never changes. */
const CACHED_VERSIONS = 200;

/** What a runner needs to know of the project version of an execution. Rejects when the version is not in the database. */
export function createProjectLoader({
  projects,
  cache,
  clock,
}: {
  readonly projects: ProjectStore;
  readonly cache: ProjectCache;
  readonly clock: Clock;
}): (execution: { readonly projectId: number; readonly version: number }) => Promise<RunnableProject> {
  const versions = new LRUCache<string, { readonly definition: ProjectDefinition; readonly contentHash: string }>({
    max: CACHED_VERSIONS,
  });

  const loadVersion = async (projectId: number, version: number) => {
    const key = `${projectId}.${version}`;
    const known = versions.get(key);
    if (known !== undefined) return known;
    const [definition, stored] = await Promise.all([
      projects.loadDefinition(projectId, version),
      projects.findVersion(projectId, version),
    ]);
    if (definition === undefined || stored === undefined) {
      throw new Error(`Version ${version} of project ${projectId} is not in the database.`);
    }
    const loaded = { definition, contentHash: stored.contentHash };
    versions.set(key, loaded);
    return loaded;
  };

  return async ({ projectId, version }) => {
    const [{ definition, contentHash }, project] = await Promise.all([
      loadVersion(projectId, version),
      projects.findById(projectId),
    ]);
    return {
      definition,
      project: { modifiedBy: project?.modifiedBy ?? '', modifiedAt: project?.modifiedAt ?? clock.now() },
      files: () => cache.unpacked(contentHash),
    };
  };
}
