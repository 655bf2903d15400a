import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aDefinition, aFlow } from '../fakes/a-definition.js';
import { ADMIN, aUser, aWorld, someOptions } from '../fakes/a-service-world.js';
import type { World } from '../fakes/a-service-world.js';

type Edges = Readonly<Record<string, { readonly after?: readonly string[]; readonly dataDriven?: boolean }>>;

/** One project a letter, each with a flow `f`; `after` names letters. `anna` may execute all of them but those in `without`. */
async function aWorldOf(edges: Edges, { without = [] }: { without?: readonly string[] } = {}): Promise<World> {
  const world = aWorld();
  for (const [name] of Object.entries(edges)) {
    const permissions = without.includes(name) ? [] : ([['anna', 'EXECUTE']] as const);
    await world.addProject({ name, definition: aDefinition([aFlow('f').job('j')]), permissions });
  }
  for (const [name, { after = [], dataDriven = true }] of Object.entries(edges)) {
    const project = await world.services.projects.find(name);
    await world.stores.flowDependencies.replace(
      project.id,
      after.map((upstream) => ({ flowId: 'f', upstream: { project: upstream, flow: 'f' }, dataDriven })),
    );
  }
  return world;
}

const flows = (names: readonly string[]) => names.map((projectName) => ({ projectName, flowId: 'f' }));

async function plan(world: World, names: readonly string[], user = ADMIN) {
  const entries = await world.services.executions.planChain(user, flows(names));
  return entries.map(({ projectName, trigger, reason, waitsFor }) => [
    projectName,
    trigger ? waitsFor.map((position) => entries[position]?.projectName).join('') : reason,
  ]);
}

const DIAMOND: Edges = { a: {}, b: { after: ['a'] }, c: { after: ['a'] }, d: { after: ['b', 'c'] } };

describe('the plan of flows and what comes after them', () => {
  it.each<[string, Edges, readonly string[], readonly unknown[]]>([
    ['nothing after it', { a: {} }, ['a'], [['a', '']]],
    [
      'a chain',
      { c: { after: ['b'] }, b: { after: ['a'] }, a: {} },
      ['a'],
      [
        ['a', ''],
        ['b', 'a'],
        ['c', 'b'],
      ],
    ],
    [
      'each flow once',
      DIAMOND,
      ['a'],
      [
        ['a', ''],
        ['b', 'a'],
        ['c', 'a'],
        ['d', 'bc'],
      ],
    ],
    [
      'upstreams within the plan only',
      DIAMOND,
      ['b'],
      [
        ['b', ''],
        ['d', 'b'],
      ],
    ],
    [
      'requested flows one after the other',
      { a: {}, b: {}, c: {} },
      ['c', 'a'],
      [
        ['c', ''],
        ['a', 'c'],
      ],
    ],
    [
      'requested flows first',
      DIAMOND,
      ['a', 'c'],
      [
        ['a', ''],
        ['c', 'a'],
        ['b', 'a'],
        ['d', 'cb'],
      ],
    ],
    [
      'dependencies before the order of the request',
      DIAMOND,
      ['d', 'a'],
      [
        ['a', ''],
        ['b', 'a'],
        ['c', 'a'],
        ['d', 'abc'],
      ],
    ],
    ['a flow asked for twice once', { a: {} }, ['a', 'a'], [['a', '']]],
  ])('has %s', async (_what, edges, names, expected) => {
    expect(await plan(await aWorldOf(edges), names)).toEqual(expected);
  });

  it('lists a flow that is not data-driven, and does not follow it; asked for it runs', async () => {
    const world = await aWorldOf({ a: {}, b: { after: ['a'], dataDriven: false }, c: { after: ['b'] } });
    expect(await plan(world, ['a'])).toEqual([
      ['a', ''],
      ['b', 'not-data-driven'],
    ]);
    expect(await plan(world, ['b'])).toEqual([
      ['b', ''],
      ['c', 'b'],
    ]);
  });

  it('lists a flow the user must not start, or that is locked, and does not follow it', async () => {
    const world = await aWorldOf(DIAMOND, { without: ['b'] });
    await world.services.projects.setFlowLock(ADMIN, { projectName: 'c', flowId: 'f', isLocked: true });
    expect(await plan(world, ['a'], aUser('anna'))).toEqual([
      ['a', ''],
      ['b', 'not-allowed'],
      ['c', 'locked'],
    ]);
  });

  it.each<[string, Edges, readonly string[], string]>([
    ['itself', { a: { after: ['a'] } }, ['a'], 'a/f → a/f'],
    ['two flows', { a: { after: ['b'] }, b: { after: ['a'] } }, ['a'], 'b/f → a/f → b/f'],
  ])('refuses a circle of %s and names it', async (_what, edges, names, cycle) => {
    const world = await aWorldOf(edges);
    await expect(plan(world, names)).rejects.toMatchObject({
      code: 'flow.dependency-cycle',
      kind: 'conflict',
      details: { cycle },
    });
  });

  it.each<[string, { projectName: string; flowId: string }, string]>([
    ['a project that is not there', { projectName: 'nope', flowId: 'f' }, 'project.not-found'],
    ['a flow that is not there', { projectName: 'a', flowId: 'nope' }, 'flow.not-found'],
    ['a flow without EXECUTE', { projectName: 'b', flowId: 'f' }, 'permission.missing'],
  ])('refuses %s', async (_what, flow, code) => {
    const world = await aWorldOf(DIAMOND, { without: ['b'] });
    await expect(world.services.executions.planChain(aUser('anna'), [flow])).rejects.toMatchObject({ code });
  });

  it('puts every flow behind those it comes after, and lists each once, for any graph without circles', async () => {
    const graphs = fc.array(fc.array(fc.nat(6), { maxLength: 3 }), { minLength: 7, maxLength: 7 });
    await fc.assert(
      fc.asyncProperty(graphs, fc.subarray([0, 1, 2, 3], { minLength: 1 }), async (raw, requested) => {
        // An edge leads from a smaller number to a larger one only.
        const edges = raw.map((after, index) => [
          `p${index}`,
          { after: after.filter((from) => from < index).map((from) => `p${from}`) },
        ]);
        const world = await aWorldOf(Object.fromEntries(edges) as Edges);
        const entries = await world.services.executions.planChain(ADMIN, flows(requested.map((index) => `p${index}`)));
        const names = entries.map(({ projectName }) => projectName);
        expect(new Set(names).size).toBe(names.length);
        entries.forEach(({ waitsFor }, position) => {
          for (const before of waitsFor) expect(before).toBeLessThan(position);
        });
        for (const { projectName, waitsFor } of entries) {
          const after = (Object.fromEntries(edges) as Edges)[projectName]?.after ?? [];
          const inPlan = [...new Set(after)].filter((name) => names.includes(name));
          expect(waitsFor.map((position) => names[position])).toEqual(expect.arrayContaining(inPlan));
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('submitting such a plan', () => {
  const submit = (world: World, names: readonly string[], options = someOptions()) =>
    world.services.executions.submitChain(ADMIN, { flows: flows(names), options });

  it('makes all executions, each waiting for the success of those before it', async () => {
    const world = await aWorldOf(DIAMOND);
    const entries = await submit(world, ['a'], someOptions({ flowParameters: { day: '1' } }));
    expect(entries.map(({ execution }) => execution?.id)).toEqual([1, 2, 3, 4]);
    expect(world.state.waits).toEqual([
      { id: 2, on: [1], needsSuccess: true },
      { id: 3, on: [1], needsSuccess: true },
      { id: 4, on: [2, 3], needsSuccess: true },
    ]);
    expect(world.state.executions.map(({ source, planRoot, lineage }) => [source, planRoot, lineage])).toEqual([
      ['adhoc', undefined, undefined],
      ['event', 1, ['a/f']],
      ['event', 1, ['a/f']],
      ['event', 1, ['a/f', 'b/f', 'c/f']],
    ]);
    expect(world.state.executions.every(({ options }) => options.flowParameters['day'] === '1')).toBe(true);
    expect(world.nudges.map(({ executionId }) => executionId)).toEqual([1, 2, 3, 4]);
  });

  it('makes none for what is not triggered', async () => {
    const world = await aWorldOf({ a: {}, b: { after: ['a'], dataDriven: false } });
    const entries = await submit(world, ['a']);
    expect(entries).toMatchObject([
      { trigger: true, execution: { id: 1 } },
      { trigger: false, reason: 'not-data-driven' },
    ]);
    expect(entries[1]).not.toHaveProperty('execution');
  });

  it('also waits for a run of a following flow that is under way, whatever becomes of it', async () => {
    const world = await aWorldOf({ a: {}, b: { after: ['a'] } });
    await world.addExecution({ projectName: 'b', flowId: 'f' });
    await submit(world, ['a']);
    expect(world.state.waits).toEqual([
      { id: 3, on: [1], needsSuccess: false },
      { id: 3, on: [2], needsSuccess: true },
    ]);
  });

  it('starts nothing when one of the flows asked for runs already', async () => {
    const world = await aWorldOf(DIAMOND);
    await world.addExecution({ projectName: 'd', flowId: 'f' });
    await expect(submit(world, ['a', 'd'])).rejects.toMatchObject({ code: 'execution.already-running' });
    expect(world.state.executions).toHaveLength(1);
    expect(world.nudges).toEqual([]);
  });
});
