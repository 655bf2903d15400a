import type { Graph, GraphEdge } from './build-graph.js';

export interface Walk {
  /** Everything reached, start nodes included, in the order of the first visit. */
  readonly nodes: readonly string[];
  /** The edges at which the walk came back to a node it was just standing on: removing them removes every cycle. */
  readonly closingEdges: readonly GraphEdge[];
}

/**
 * Walks depth first from the start nodes towards what they depend on, dependencies in declared order. This is how Azkaban's
 * loaders walk, so the closing edges are those its error messages name.
 */
export function walkDependencies(graph: Pick<Graph, 'dependencies'>, startNodes: Iterable<string>): Walk {
  const nodes: string[] = [];
  const closingEdges: GraphEdge[] = [];
  const visited = new Set<string>();
  const onPath = new Set<string>();
  const path: Step[] = [];

  const enter = (node: string): void => {
    visited.add(node);
    onPath.add(node);
    nodes.push(node);
    path.push({ node, dependencies: graph.dependencies.get(node) ?? [], next: 0 });
  };

  for (const start of startNodes) {
    if (visited.has(start)) continue;
    enter(start);
    for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
      const dependency = step.dependencies[step.next++];
      if (dependency === undefined) {
        onPath.delete(step.node);
        path.pop();
      } else if (onPath.has(dependency)) {
        closingEdges.push({ source: dependency, target: step.node });
      } else if (!visited.has(dependency)) {
        enter(dependency);
      }
    }
  }
  return { nodes, closingEdges };
}

interface Step {
  readonly node: string;
  readonly dependencies: readonly string[];
  next: number;
}
