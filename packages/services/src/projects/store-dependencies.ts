import { buildGraph, findCyclePath, knotsOf, type Graph } from '@lockstep/dag';
import type { FlowDependency, FlowName, Project, ProjectDefinition, Stores } from '@lockstep/domain';
import { declaredDependencies } from '@lockstep/project-zip';

/**
 * Inside the transaction of an upload: keeps which flows the project's flows come after. The answer is what the uploader
 * should know: values that cannot be used, flows that do not exist, circles.
 */
export async function storeDependencies(
  stores: Stores,
  { project, definition }: { project: Project; definition: ProjectDefinition },
): Promise<readonly string[]> {
  const { dependencies, warnings } = declaredDependencies(definition);
  await stores.flowDependencies.replace(project.id, dependencies);
  if (dependencies.length === 0) return warnings;
  const missing = await missingUpstreams(stores, {
    project,
    definition,
    upstreams: dependencies.map(({ upstream }) => upstream),
  });
  return [...warnings, ...missing, ...circles(await stores.flowDependencies.list(), project)];
}

async function missingUpstreams(
  stores: Stores,
  {
    project,
    definition,
    upstreams,
  }: { project: Project; definition: ProjectDefinition; upstreams: readonly FlowName[] },
): Promise<readonly string[]> {
  const known = new Map<string, readonly string[]>([[project.name, Object.keys(definition.flows)]]);
  for (const { project: name } of upstreams) {
    if (!known.has(name)) known.set(name, await flowsOf(stores, name));
  }
  const names = upstreams.filter(({ project: name, flow }) => !known.get(name)?.includes(flow)).map(nameOf);
  return [...new Set(names)].map((name) => `trigger.after names ${name}, and there is no such flow (yet).`);
}

async function flowsOf({ projects }: Stores, name: string): Promise<readonly string[]> {
  const project = await projects.findByName(name);
  if (project === undefined) return [];
  return (await projects.findVersion(project.id, project.currentVersion))?.flowIds ?? [];
}

/** One sentence for each knot of flows that wait for each other and in which the project takes part. */
function circles(all: readonly FlowDependency[], project: Project): readonly string[] {
  const graph = dependencyGraph(all.filter(({ dataDriven }) => dataDriven));
  const knots = knotsOf(graph);
  const own = all.filter(({ projectId }) => projectId === project.id).map(downstreamName);
  const circular = new Set(own.map((name) => knots.get(name)));
  return [...circular].flatMap((knot) => {
    const nodes = graph.nodes.filter((name) => knots.get(name) === knot && knot !== undefined);
    const path = findCyclePath(buildGraph({ nodes, dependenciesOf: (name) => graph.dependencies.get(name) }));
    if (path === undefined) return [];
    const circle = [...path, path[0]].join(' → ');
    return [`trigger.after goes round in a circle: ${circle}. A flow is never started by what it has led to itself.`];
  });
}

function dependencyGraph(dependencies: readonly FlowDependency[]): Graph {
  const after = new Map<string, string[]>();
  for (const dependency of dependencies) {
    const name = downstreamName(dependency);
    after.set(name, [...(after.get(name) ?? []), nameOf(dependency.upstream)]);
  }
  return buildGraph({
    nodes: [...after.keys(), ...[...after.values()].flat()],
    dependenciesOf: (name) => after.get(name),
  });
}

function downstreamName({ project, flowId }: FlowDependency): string {
  return nameOf({ project, flow: flowId });
}

function nameOf({ project, flow }: FlowName): string {
  return `${project}/${flow}`;
}
