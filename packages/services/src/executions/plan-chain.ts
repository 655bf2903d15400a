import { buildGraph, findCyclePath } from '@lockstep/dag';
import { DomainError } from '@lockstep/domain';
import type { FlowDependency, Project, User } from '@lockstep/domain';
import type { ServiceContext } from '../context.js';
import { findProject } from '../projects/find-project.js';
import type { ChainEntry } from '../services.js';
import { assertUnlocked, findStartableFlow } from './prepare-submission.js';

export type FlowRequest = { readonly projectName: string; readonly flowId: string };

/**
 * What runs when these flows run: they themselves and, over data-driven `trigger.after`, everything that comes after
 * them. A flow that is not data-driven, is locked, or that the user must not start is listed and not followed. In
 * topological order; flows that could come in any order stand as they were asked for, then by name.
 * Throws `flow.dependency-cycle`, and what is wrong with a flow asked for.
 */
export async function planChain(
  context: ServiceContext,
  user: User,
  flows: readonly FlowRequest[],
): Promise<readonly ChainEntry[]> {
  const requested = await findRequested(context, user, flows);
  const dependencies = await context.stores.flowDependencies.list();
  const found = await followDownstream(context, user, { requested, dependencies });
  return inSequence(order(found));
}

/** A flow of the plan while its neighbours are being found. */
interface Found {
  readonly key: string;
  readonly project: Project;
  readonly flowId: string;
  /** Position among those asked for; Infinity for the others. */
  readonly request: number;
  readonly reason?: NonNullable<ChainEntry['reason']>;
  /** Keys of what it comes after. */
  readonly after: readonly string[];
}

async function findRequested(
  context: ServiceContext,
  user: User,
  flows: readonly FlowRequest[],
): Promise<ReadonlyMap<string, Found>> {
  const requested = new Map<string, Found>();
  for (const { projectName, flowId } of flows) {
    const key = keyOf(projectName, flowId);
    if (requested.has(key)) continue;
    const project = await findProject(context, projectName);
    context.access.assertCan(user, 'EXECUTE', project);
    await findStartableFlow(context, { project, flowId, version: project.currentVersion });
    await assertUnlocked(context, { project, flowId });
    requested.set(key, { key, project, flowId, request: requested.size, after: [] });
  }
  return requested;
}

async function followDownstream(
  context: ServiceContext,
  user: User,
  { requested, dependencies }: { requested: ReadonlyMap<string, Found>; dependencies: readonly FlowDependency[] },
): Promise<readonly Found[]> {
  const downstream = groupBy(dependencies, ({ upstream }) => keyOf(upstream.project, upstream.flow));
  const found = new Map(requested);
  const waiting = [...requested.keys()];
  for (let key = waiting.shift(); key !== undefined; key = waiting.shift()) {
    for (const dependency of downstream.get(key) ?? []) {
      const next = keyOf(dependency.project, dependency.flowId);
      if (found.has(next)) continue;
      const flow = await describeDownstream(context, user, dependency);
      if (flow === undefined) continue;
      found.set(next, flow);
      if (flow.reason === undefined) waiting.push(next);
    }
  }
  const ownOf = groupBy(dependencies, ({ project, flowId }) => keyOf(project, flowId));
  const started = (key: string): boolean => found.has(key) && found.get(key)?.reason === undefined;
  return [...found.values()].map((flow) => ({
    ...flow,
    after: (ownOf.get(flow.key) ?? [])
      // A flow that is asked for and not data-driven runs when it is asked for.
      .filter(({ dataDriven }) => dataDriven || flow.reason !== undefined)
      .map(({ upstream }) => keyOf(upstream.project, upstream.flow))
      .filter(started),
  }));
}

/** Undefined when its project is gone. */
async function describeDownstream(
  { stores, access }: ServiceContext,
  user: User,
  { projectId, project: name, flowId, dataDriven }: FlowDependency,
): Promise<Found | undefined> {
  const project = await stores.projects.findById(projectId);
  if (project === undefined || !project.active) return undefined;
  const reason = !dataDriven
    ? 'not-data-driven'
    : !access.can(user, 'EXECUTE', project)
      ? 'not-allowed'
      : (await stores.flowLocks.find(projectId, flowId)) !== undefined
        ? 'locked'
        : undefined;
  return { key: keyOf(name, flowId), project, flowId, request: Infinity, after: [], ...(reason && { reason }) };
}

function order(found: readonly Found[]): readonly Found[] {
  const left = new Map(found.map((flow) => [flow.key, flow]));
  const ordered: Found[] = [];
  while (left.size > 0) {
    const ready = [...left.values()].filter(({ after }) => !after.some((key) => left.has(key)));
    const [first] = ready.sort((a, b) => compareRequests(a.request, b.request) || (a.key < b.key ? -1 : 1));
    if (first === undefined) throw circle([...left.values()]);
    left.delete(first.key);
    ordered.push(first);
  }
  return ordered;
}

/** Two of Infinity are equal, which their difference is not. */
function compareRequests(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

function circle(flows: readonly Found[]): DomainError {
  const after = new Map(flows.map((flow) => [flow.key, flow.after]));
  const path = findCyclePath(buildGraph({ nodes: after.keys(), dependenciesOf: (key) => after.get(key) })) ?? [];
  return new DomainError('flow.dependency-cycle', { cycle: [...path, path[0]].join(' → ') });
}

/** The flows asked for also run one after the other. */
function inSequence(flows: readonly Found[]): readonly ChainEntry[] {
  const positions = new Map(flows.map(({ key }, position) => [key, position]));
  let before: number | undefined;
  return flows.map(({ project, flowId, request, reason, after }, position): ChainEntry => {
    const requested = request !== Infinity;
    const waitsFor = new Set(after.map((key) => positions.get(key) as number));
    if (requested && before !== undefined) waitsFor.add(before);
    if (requested) before = position;
    return {
      projectId: project.id,
      projectName: project.name,
      flowId,
      requested,
      trigger: reason === undefined,
      ...(reason && { reason }),
      waitsFor: reason === undefined ? [...waitsFor].sort((a, b) => a - b) : [],
    };
  });
}

function groupBy<Item>(
  items: readonly Item[],
  keyOfItem: (item: Item) => string,
): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOfItem(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** Names of projects have no slash. */
function keyOf(project: string, flow: string): string {
  return `${project}/${flow}`;
}
