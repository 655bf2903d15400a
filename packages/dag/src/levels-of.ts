import type { Graph } from './build-graph.js';
import { walkDependencies } from './walk-dependencies.js';

/**
 * The longest distance of every node from the nodes without dependencies, which are at level 0. In a graph with cycles the edges
 * that close them do not count.
 */
export function levelsOf(graph: Graph): ReadonlyMap<string, number> {
  const acyclic = levelsOfAcyclic(graph);
  return acyclic.size === graph.nodes.length ? acyclic : levelsOfAcyclic(withoutClosingEdges(graph));
}

/** Nodes on a cycle or behind one are missing from the answer. */
function levelsOfAcyclic({ nodes, dependencies, dependants }: Graph): Map<string, number> {
  const missing = new Map(nodes.map((node) => [node, dependencies.get(node)?.length ?? 0]));
  let ready = nodes.filter((node) => missing.get(node) === 0);
  const levels = new Map<string, number>();
  for (let level = 0; ready.length > 0; level++) {
    const next: string[] = [];
    for (const node of ready) {
      levels.set(node, level);
      for (const dependant of dependants.get(node) ?? []) {
        const left = (missing.get(dependant) ?? 0) - 1;
        missing.set(dependant, left);
        if (left === 0) next.push(dependant);
      }
    }
    ready = next;
  }
  return levels;
}

function withoutClosingEdges(graph: Graph): Graph {
  const dependencies = new Map(graph.dependencies);
  const dependants = new Map(graph.dependants);
  const closing = walkDependencies(graph, graph.nodes).closingEdges;
  const closed = groupBy(
    closing,
    (edge) => edge.target,
    (edge) => edge.source,
  );
  for (const [target, sources] of closed) {
    dependencies.set(
      target,
      (dependencies.get(target) ?? []).filter((source) => !sources.has(source)),
    );
  }
  for (const [source, targets] of groupBy(
    closing,
    (edge) => edge.source,
    (edge) => edge.target,
  )) {
    dependants.set(
      source,
      (dependants.get(source) ?? []).filter((target) => !targets.has(target)),
    );
  }
  return { nodes: graph.nodes, dependencies, dependants };
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string, valueOf: (item: T) => string) {
  const groups = new Map<string, Set<string>>();
  for (const item of items) {
    const group = groups.get(keyOf(item)) ?? new Set();
    groups.set(keyOf(item), group.add(valueOf(item)));
  }
  return groups;
}
