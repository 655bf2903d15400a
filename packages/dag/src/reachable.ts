import type { Graph } from './build-graph.js';

/** Everything the nodes wait for, directly or not. A node itself is in the answer only when it lies on a cycle. */
export function ancestorsOf(graph: Graph, ...nodes: readonly string[]): ReadonlySet<string> {
  return reachable(graph.dependencies, nodes);
}

/** Everything that waits for the nodes, directly or not. A node itself is in the answer only when it lies on a cycle. */
export function descendantsOf(graph: Graph, ...nodes: readonly string[]): ReadonlySet<string> {
  return reachable(graph.dependants, nodes);
}

function reachable(neighbours: ReadonlyMap<string, readonly string[]>, starts: readonly string[]): Set<string> {
  const found = new Set<string>();
  const waiting = [...starts];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    for (const neighbour of neighbours.get(node) ?? []) {
      if (found.has(neighbour)) continue;
      found.add(neighbour);
      waiting.push(neighbour);
    }
  }
  return found;
}
