import type { FlowEdge } from '@lockstep/domain';
import type { Problems } from '../problems.js';
import type { Flow1Files, Flow1Job } from './read-flow1-files.js';

export interface Dependencies {
  /** By job: an edge for every declared dependency, broken ones with their error. */
  readonly edges: ReadonlyMap<string, readonly FlowEdge[]>;
  /** By job: the dependencies that exist. */
  readonly sound: ReadonlyMap<string, readonly string[]>;
  /** Jobs something depends on: not flows by themselves. */
  readonly needed: ReadonlySet<string>;
}

/** Turns declared dependencies into edges; unknown, ambiguous and self-dependencies become errors with Azkaban's texts. */
export function resolveDependencies(files: Flow1Files, problems: Problems): Dependencies {
  const edges = new Map<string, readonly FlowEdge[]>();
  const sound = new Map<string, readonly string[]>();
  const needed = new Set<string>();
  for (const job of files.jobs.values()) {
    const resolved = job.dependencies.map((dependency) => resolve(dependency, job, files));
    for (const { edge, message } of resolved) {
      needed.add(edge.source);
      if (message !== undefined) problems.error(message, { file: job.source });
    }
    edges.set(
      job.name,
      resolved.map(({ edge }) => edge),
    );
    sound.set(
      job.name,
      resolved.filter(({ message }) => message === undefined).map(({ edge }) => edge.source),
    );
  }
  return { edges, sound, needed };
}

function resolve(source: string, job: Flow1Job, files: Flow1Files): { edge: FlowEdge; message?: string } {
  const target = job.name;
  if (source === target) {
    return { edge: { source, target, error: 'Self cycle found.' }, message: `${target} has a self cycle` };
  }
  if (files.jobs.has(source)) return { edge: { source, target } };
  if (files.ambiguousNames.has(source)) {
    return {
      edge: { source, target, error: 'Ambiguous Dependency. Duplicates found.' },
      message: `${target} has ambiguous dependency ${source}`,
    };
  }
  return {
    edge: { source, target, error: 'Dependency not found.' },
    message: `${target} cannot find dependency ${source}`,
  };
}
