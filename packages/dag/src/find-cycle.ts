import type { Graph, GraphEdge } from './build-graph.js';
import { walkDependencies } from './walk-dependencies.js';

/**
 * The first edge that closes a cycle (a self-dependency included), or undefined when there is none. Nodes are tried in the order
 * of the graph, or only `startNodes` and what they depend on. Azkaban words it `source>>target`.
 */
export function findCycle(graph: Graph, startNodes: Iterable<string> = graph.nodes): GraphEdge | undefined {
  return walkDependencies(graph, startNodes).closingEdges[0];
}

/** A whole cycle in running order (each node waits for the one before it, the first for the last), or undefined. */
export function findCyclePath(graph: Graph): readonly string[] | undefined {
  const closing = findCycle(graph);
  if (closing === undefined) return undefined;
  // The walk stood on `source` when it came back from `target`, so `target` is among what `source` waits for.
  const cameFrom = new Map<string, string>();
  const waiting = [closing.source];
  const visited = new Set(waiting);
  for (let node = waiting.pop(); node !== undefined && node !== closing.target; node = waiting.pop()) {
    for (const dependency of graph.dependencies.get(node) ?? []) {
      if (visited.has(dependency)) continue;
      visited.add(dependency);
      cameFrom.set(dependency, node);
      waiting.push(dependency);
    }
  }
  const path = [closing.target];
  for (let node = cameFrom.get(closing.target); node !== undefined; node = cameFrom.get(node)) path.push(node);
  return path;
}
