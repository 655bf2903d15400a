import { DomainError } from '@lockstep/domain';
import type { ProjectDefinition, ProjectStore } from '@lockstep/domain';
import { LRUCache } from 'lru-cache';

/** Parsed projects by version, kept in memory while they are in use. */
export interface LoadedDefinitions {
  /** Version 0 (nothing uploaded yet) has no flows. Throws `version.not-found`. */
  load(of: { projectId: number; projectName: string; version: number }): Promise<ProjectDefinition>;
}

const NOTHING_UPLOADED: ProjectDefinition = { format: 'flow1', flows: {}, jobs: {}, propertyFiles: {} };

/**
 * A definition never changes, so nothing has to be invalidated; callers that come while one is being loaded share that
 * load. `maxBytes` counts the length of their JSON; one that is larger than all of it is loaded every time.
 */
export function createLoadedDefinitions({
  projects,
  maxBytes,
}: {
  projects: Pick<ProjectStore, 'loadDefinition'>;
  maxBytes: number;
}): LoadedDefinitions {
  const cache = new LRUCache<string, ProjectDefinition, { projectId: number; version: number }>({
    maxSize: maxBytes,
    sizeCalculation: (definition) => JSON.stringify(definition).length,
    fetchMethod: (_key, _stale, { context }) => projects.loadDefinition(context.projectId, context.version),
  });

  return {
    async load({ projectId, projectName, version }) {
      if (version === 0) return NOTHING_UPLOADED;
      const definition = await cache.fetch(`${projectId}:${version}`, { context: { projectId, version } });
      if (definition === undefined) throw new DomainError('version.not-found', { project: projectName, version });
      return definition;
    },
  };
}
