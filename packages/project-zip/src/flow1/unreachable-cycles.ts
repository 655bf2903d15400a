import { buildGraph, knotsOf, walkDependencies } from '@lockstep/dag';
import type { FlowDefinition } from '@lockstep/domain';
import type { Problems } from '../problems.js';
import type { Flow1Job } from './read-flow1-files.js';
import type { Dependencies } from './resolve-dependencies.js';

export interface UnreachableCyclesInput {
  readonly jobs: ReadonlyMap<string, Flow1Job>;
  readonly dependencies: Dependencies;
  readonly flows: ReadonlyMap<string, FlowDefinition>;
  readonly strict: boolean;
  readonly problems: Problems;
}

/**
 * Reports cycles no flow contains. Azkaban accepts them in silence, and their jobs can never run: a warning here, an error in
 * strict mode.
 */
export function reportUnreachableCycles({ jobs, dependencies, flows, strict, problems }: UnreachableCyclesInput): void {
  const reached = new Set<string>();
  for (const flow of flows.values()) for (const node of flow.nodes) reached.add(node.id);
  const left = [...jobs.keys()].filter((job) => !reached.has(job));
  if (left.length === 0) return;
  const graph = buildGraph({ nodes: left, dependenciesOf: (job) => dependencies.sound.get(job) });
  const knots = knotsOf(graph);
  const members = new Map<number, string[]>();
  for (const [job, knot] of knots) members.set(knot, appended(members.get(knot), job));
  for (const circle of members.values()) circle.sort();
  for (const { source, target } of walkDependencies(graph, graph.nodes).closingEdges) {
    const circle = members.get(knots.get(target) ?? -1) ?? [];
    const message = `Cyclical dependency found at ${source}>>${target}`;
    const hint = `No flow contains these jobs, so they can never run: ${shorten(circle)}.`;
    const place = { hint, file: jobs.get(target)?.source ?? target };
    if (strict) problems.error(message, place);
    else problems.warning(`${message}. ${hint}`, place);
  }
}

/** Grows the list in place: a circle may have thousands of jobs. */
function appended(list: string[] = [], item: string): string[] {
  list.push(item);
  return list;
}

function shorten(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_SHOWN).join(', ');
  return names.length > NAMES_SHOWN ? `${shown} and ${names.length - NAMES_SHOWN} more` : shown;
}

const NAMES_SHOWN = 10;
