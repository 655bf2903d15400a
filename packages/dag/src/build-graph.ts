/** `source` must be done before `target`. */
export interface GraphEdge {
  readonly source: string;
  readonly target: string;
}

/** A directed graph of names. It may contain cycles; every question about it takes linear time and no recursion. */
export interface Graph {
  /** In the order they were given, without repetitions. */
  readonly nodes: readonly string[];
  /** What a node waits for, in the order given, without repetitions. */
  readonly dependencies: ReadonlyMap<string, readonly string[]>;
  /** What waits for a node, in the order of `nodes`. */
  readonly dependants: ReadonlyMap<string, readonly string[]>;
}

export interface GraphSource {
  readonly nodes: Iterable<string>;
  /** Names that are not nodes are left out: reporting them is the caller's business. */
  readonly dependenciesOf: (node: string) => Iterable<string> | undefined;
}

/**
 * Indexes a graph in both directions.
 *
 * Own code on purpose: the algorithms of @dagrejs/graphlib 4 recurse (a chain of 100,000 nodes overflows the stack) and its
 * string-keyed edges took 1.5 s to build such a chain.
 */
export function buildGraph({ nodes, dependenciesOf }: GraphSource): Graph {
  const names = [...new Set(nodes)];
  const dependants = new Map<string, string[]>(names.map((name) => [name, []]));
  const dependencies = new Map<string, readonly string[]>();
  for (const name of names) {
    const known = [...new Set(dependenciesOf(name) ?? [])].filter((dependency) => dependants.has(dependency));
    dependencies.set(name, known);
    for (const dependency of known) dependants.get(dependency)?.push(name);
  }
  return { nodes: names, dependencies, dependants };
}
