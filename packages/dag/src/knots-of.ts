import type { Graph } from './build-graph.js';

/**
 * For every node the number of the knot it belongs to: two nodes have the same number exactly when each waits, directly or not,
 * for the other (Tarjan's strongly connected components, without recursion). An edge lies on a cycle when both ends have the same
 * number.
 */
export function knotsOf(graph: Graph): ReadonlyMap<string, number> {
  const knots = new Map<string, number>();
  const found = new Map<string, Visit>();
  const open: Visit[] = [];
  let knotCount = 0;

  const enter = (node: string): Visit => {
    const visit = { node, order: found.size, lowest: found.size, next: 0 };
    found.set(node, visit);
    open.push(visit);
    return visit;
  };
  const closeKnot = (first: Visit): void => {
    const knot = knotCount++;
    for (let visit = open.pop(); visit !== undefined; visit = open.pop()) {
      knots.set(visit.node, knot);
      if (visit === first) return;
    }
  };

  for (const start of graph.nodes) {
    if (found.has(start)) continue;
    const path = [enter(start)];
    for (let visit = path.at(-1); visit !== undefined; visit = path.at(-1)) {
      const dependency = graph.dependencies.get(visit.node)?.[visit.next++];
      if (dependency === undefined) {
        path.pop();
        const before = path.at(-1);
        if (before !== undefined) before.lowest = Math.min(before.lowest, visit.lowest);
        if (visit.lowest === visit.order) closeKnot(visit);
        continue;
      }
      const seen = found.get(dependency);
      if (seen === undefined) path.push(enter(dependency));
      else if (!knots.has(dependency)) visit.lowest = Math.min(visit.lowest, seen.order);
    }
  }
  return knots;
}

interface Visit {
  readonly node: string;
  readonly order: number;
  lowest: number;
  next: number;
}
