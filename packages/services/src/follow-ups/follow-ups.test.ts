import { describe, expect, it } from '@jest/globals';
import type { Execution, Permission } from '@lockstep/domain';
import { aDefinition, aFlow } from '../fakes/a-definition.js';
import { ADMIN, aUser, aWorld, OWNER, someOptions } from '../fakes/a-service-world.js';
import type { World } from '../fakes/a-service-world.js';

type Grants = readonly (readonly [user: string, permission: Permission])[];

/** A project a letter with a flow `f` (jobs j → k), uploaded by `executor`, who may execute everything but read only what says so. */
async function aWorldOf(after: Readonly<Record<string, readonly string[]>>, grants: Grants = [['executor', 'READ']]) {
  const world = aWorld();
  for (const name of Object.keys(after)) {
    const definition = aDefinition([
      aFlow('f')
        .job('j')
        .job('k', { needs: ['j'] }),
    ]);
    const { id } = await world.addProject({ name, definition, permissions: grants });
    world.state.versions = world.state.versions.map((version) => ({ ...version, uploadedBy: 'executor' }));
    await world.stores.flowDependencies.replace(
      id,
      (after[name] ?? []).map((project) => ({ flowId: 'f', upstream: { project, flow: 'f' }, dataDriven: true })),
    );
  }
  return world;
}

/** An execution of the flow ends, and everything that follows from it happens. */
async function end(world: World, id: number, parts: Partial<Execution> = { status: 'SUCCEEDED' }): Promise<void> {
  world.changeExecution(id, parts);
  world.state.ends.push(id);
  while (await world.followUps.handleNext());
}

async function run(world: World, projectName: string, parts: Partial<Execution> = {}): Promise<number> {
  const { id } = await world.addExecution({ projectName, flowId: 'f', ...parts });
  await end(world, id);
  return id;
}

const since = (world: World, id: number) => world.state.executions.filter((execution) => execution.id > id);
const errors = ({ state }: World) => state.events.filter(({ type }) => type === 'ERROR').map(({ message }) => message);

describe('a flow that comes after others', () => {
  it('starts when the one before it has succeeded, in the name of whoever has uploaded it', async () => {
    const world = await aWorldOf({ a: [], b: ['a'] });
    const id = await run(world, 'a');
    expect(since(world, id)).toMatchObject([
      { projectName: 'b', flowId: 'f', source: 'event', submitUser: 'executor', lineage: ['a/f'], status: 'PREPARING' },
    ]);
    expect(world.nudges).toEqual([{ executionId: 2, ticket: 0, priority: 5 }]);
  });

  it('waits for its turn while it runs', async () => {
    const world = await aWorldOf({ a: [], b: ['a'] });
    const running = await world.addExecution({ projectName: 'b', flowId: 'f' });
    await run(world, 'a');
    expect(world.state.waits).toEqual([{ id: 3, on: [running.id], needsSuccess: false }]);
  });

  it('starts when everything before it has succeeded since it was last started this way', async () => {
    const world = await aWorldOf({ a: [], b: [], c: ['a', 'b'] });
    const started = () => world.state.executions.filter(({ projectName }) => projectName === 'c').length;
    await run(world, 'a');
    await run(world, 'a');
    expect(started()).toBe(0);
    await run(world, 'b');
    expect(started()).toBe(1);
    await run(world, 'b');
    expect(started()).toBe(1);
    await run(world, 'a');
    expect(started()).toBe(2);
  });

  it('tells its lineage over all that has led to it', async () => {
    const world = await aWorldOf({ a: [], b: ['a'], x: [], c: ['b', 'x'] });
    await run(world, 'a');
    await end(world, 2);
    await run(world, 'x');
    expect(world.state.executions.at(-1)).toMatchObject({ projectName: 'c', lineage: ['a/f', 'b/f', 'x/f'] });
  });

  it.each<[string, Readonly<Record<string, readonly string[]>>, readonly string[]]>([
    ['itself', { a: ['a'] }, ['a']],
    ['a circle of two', { a: ['b'], b: ['a'] }, ['a', 'b']],
    ['a circle of three', { a: ['c'], b: ['a'], c: ['b'] }, ['a', 'b', 'c']],
  ])('is not started by what it has led to: %s', async (_what, after, expected) => {
    const world = await aWorldOf(after);
    await run(world, 'a');
    for (let id = 2; id <= world.state.executions.length; id++) await end(world, id);
    expect(world.state.executions.map(({ projectName }) => projectName)).toEqual(expected);
    expect(errors(world)).toEqual([]);
  });

  it('is not started a second time by the plan that has made an execution for it', async () => {
    const world = await aWorldOf({ a: [], b: ['a'], c: ['b'] });
    const flows = [{ projectName: 'a', flowId: 'f' }];
    await world.services.executions.submitChain(ADMIN, { flows, options: someOptions() });
    for (const id of [1, 2, 3]) await end(world, id);
    expect(world.state.executions).toHaveLength(3);
  });

  it.each<[string, (world: World) => Promise<unknown>, RegExp]>([
    [
      'is locked',
      ({ services }) => services.projects.setFlowLock(ADMIN, { projectName: 'b', flowId: 'f', isLocked: true }),
      /Flow f for project b is locked/,
    ],
    [
      'has an uploader who is gone',
      async ({ state }) => void (state.versions = state.versions.map((one) => ({ ...one, uploadedBy: 'gone' }))),
      /There is no user "gone" any more/,
    ],
    [
      'has an uploader without EXECUTE',
      async ({ state }) => void (state.versions = state.versions.map((one) => ({ ...one, uploadedBy: 'nobody' }))),
      /User "nobody" needs READ on project "a"|User "nobody" needs EXECUTE on project "b"/,
    ],
  ])(
    'is not started when it %s; its event log says why, and the next success tries again',
    async (_what, spoil, why) => {
      const world = await aWorldOf({ a: [], x: [], b: ['a', 'x'] });
      await run(world, 'a');
      const versions = world.state.versions;
      await spoil(world);
      const id = await run(world, 'x');
      expect(since(world, id)).toEqual([]);
      expect(errors(world)).toEqual([expect.stringMatching(why)]);
      world.state.versions = versions;
      await world.services.projects.setFlowLock(ADMIN, { projectName: 'b', flowId: 'f', isLocked: false });
      await run(world, 'x');
      expect(world.state.executions.at(-1)).toMatchObject({ projectName: 'b' });
    },
  );

  it('needs READ of its uploader on what it comes after', async () => {
    const world = await aWorldOf({ a: [], b: ['a'] }, []);
    const id = await run(world, 'a');
    expect(since(world, id)).toEqual([]);
    expect(errors(world)).toEqual([expect.stringContaining('User "executor" needs READ on project "a"')]);
  });

  it('is not started by a project that has been removed', async () => {
    const world = await aWorldOf({ a: [], b: ['a'] });
    const { id } = await world.addExecution({ projectName: 'a', flowId: 'f' });
    await world.services.projects.remove(OWNER, 'a');
    await end(world, id);
    expect(since(world, id)).toEqual([]);
  });

  it('is put off while the queue is full, with nothing half done', async () => {
    const world = await aWorldOf({ a: [], b: ['a'] });
    const { id } = await world.addExecution({ projectName: 'a', flowId: 'f' });
    world.stores.executions.countWaiting = async () => 1_000_000;
    await end(world, id);
    expect(since(world, id)).toEqual([]);
    expect(world.state.putOff).toEqual([id]);
    expect(world.state.dependencies[0]).not.toHaveProperty('succeededExecution');
  });
});

describe('an execution that is tried again as a whole', () => {
  const PARAMETERS = { 'flow.retry.statuses': 'FAILED', 'flow.max.retries': '2', flowPriority: '9' };

  async function aFailing(flowParameters: Readonly<Record<string, string>> = PARAMETERS): Promise<World> {
    const world = await aWorldOf({ a: [] });
    const options = someOptions({ flowParameters, concurrentOption: 'ignore' });
    await world.services.executions.submit(OWNER, { projectName: 'a', flowId: 'f', options });
    return world;
  }

  it('becomes a new one with the same options, user and version, until the retries are used up', async () => {
    const world = await aFailing({ 'flow.retry.statuses': 'FAILED', 'flow.max.retries': '2' });
    expect(world.state.executions[0]?.retry).toEqual({ statuses: ['FAILED'], left: 2 });
    await world.addVersion('a', aDefinition([aFlow('f').job('other')]));
    await end(world, 1, { status: 'FAILED' });
    await end(world, 2, { status: 'FAILED' });
    const [first, ...retries] = world.state.executions;
    expect(retries).toMatchObject([
      { source: 'retry', retryOf: 1, retryRoot: 1, submitUser: 'owner', version: 1, retry: { left: 1 } },
      { source: 'retry', retryOf: 2, retryRoot: 1, submitUser: 'owner', version: 1 },
    ]);
    expect(retries.map(({ options }) => options)).toEqual([first?.options, first?.options]);
    // The database notes no end of an execution without retries left.
    expect(retries[1]?.retry).toBeUndefined();
    const described = await world.services.executions.detail(OWNER, 2);
    expect(described.retries).toEqual({
      statuses: 'FAILED',
      strategy: 'retryAsNew',
      count: 1,
      max: 2,
      root: 1,
      parent: 1,
      child: 3,
    });
  });

  it('leaves out what has succeeded when the strategy says so', async () => {
    const world = await aFailing({ ...PARAMETERS, 'flow.retry.strategy': 'disableSucceededNodes' });
    world.addAttempt({ executionId: 1, nestedId: 'j', status: 'SUCCEEDED' });
    world.addAttempt({ executionId: 1, nestedId: 'k', status: 'FAILED' });
    await end(world, 1, { status: 'FAILED' });
    expect(world.state.executions[1]?.options.disabledJobs).toEqual([{ id: 'j' }]);
  });

  it('is waited for by whoever waited for the success of the failed one', async () => {
    const world = await aFailing();
    world.state.waits.push({ id: 9, on: [1], needsSuccess: true });
    await end(world, 1, { status: 'FAILED' });
    expect(world.state.waits).toEqual([{ id: 9, on: [2], needsSuccess: true }]);
  });

  it('is not, and whoever waited for it never starts, when the flow is locked; the event log says why', async () => {
    const world = await aFailing();
    const waiting = await world.addExecution({ projectName: 'a', flowId: 'f' });
    world.state.waits.push({ id: waiting.id, on: [1], needsSuccess: true });
    await world.services.projects.setFlowLock(ADMIN, { projectName: 'a', flowId: 'f', isLocked: true });
    await end(world, 1, { status: 'FAILED' });
    expect(world.state.executions).toHaveLength(2);
    expect(world.state.executions[1]?.status).toBe('KILLED');
    expect(errors(world)).toEqual(['Execution 1 of flow f is not tried again: Flow f for project a is locked.']);
  });

  it('gets its retries anew when somebody runs it again', async () => {
    const world = await aFailing();
    await end(world, 1, { status: 'FAILED' });
    await end(world, 2, { status: 'FAILED' });
    world.changeExecution(3, { status: 'FAILED' });
    const { execution } = await world.services.executions.rerun(OWNER, 3, { from: 'start' });
    expect(execution).toMatchObject({ retryOf: 3, retryRoot: 1, retry: { left: 2 } });
    expect((await world.services.executions.detail(OWNER, execution.id)).retries).toMatchObject({
      count: 0,
      parent: 3,
    });
  });

  it.each<[Readonly<Record<string, string>>, unknown]>([
    [{}, undefined],
    [{ 'flow.max.retries': '2' }, undefined],
    [{ 'flow.retry.statuses': 'FAILED' }, { statuses: ['FAILED'], left: 1 }],
    [{ 'flow.retry.statuses': 'FAILED', 'flow.max.retries': '0' }, undefined],
    [{ 'allow.restart.on.execution.stopped': 'true' }, { statuses: ['EXECUTION_STOPPED'], left: 1 }],
    [
      { 'flow.retry.statuses': 'FAILED, EXECUTION_STOPPED', 'flow.max.retries': '2' },
      { statuses: ['EXECUTION_STOPPED', 'FAILED'], left: 2 },
    ],
  ])('is decided by the flow parameters at submission: %j', async (parameters, retry) => {
    expect((await aFailing(parameters)).state.executions[0]?.retry).toEqual(retry);
  });

  it('has no more retries than the installation allows, whatever the project brings along', async () => {
    const world = aWorld();
    const properties = { 'flow.retry.statuses': 'FAILED,KILLED', 'flow.max.retries': '50' };
    const definition = aDefinition([aFlow('f').job('j')], {
      propertyFiles: { 'param_override.properties': { properties } },
    });
    await world.addProject({ name: 'a', definition });
    await world.services.executions.submit(OWNER, { projectName: 'a', flowId: 'f', options: someOptions() });
    expect(world.state.executions[0]?.retry).toEqual({ statuses: ['FAILED'], left: 2 });
  });
});

describe('an upload', () => {
  const uploading = async (world: World, projectName: string, after: string) => {
    world.zip = {
      definition: aDefinition([aFlow('f', { properties: { 'trigger.after': after } }).job('j')], { format: 'flow2' }),
      errors: [],
      warnings: [],
    };
    const upload = { projectName, fileName: 'x.zip', path: import.meta.filename };
    return (await world.services.projects.upload(ADMIN, upload)).warnings;
  };

  it('says which flows of trigger.after do not exist, and when they go round in a circle', async () => {
    const world = await aWorldOf({ a: [], b: [] });
    expect(await uploading(world, 'a', 'b/f,b/g,nope/f,a/f2')).toEqual(
      ['b/g', 'nope/f', 'a/f2'].map((name) => `trigger.after names ${name}, and there is no such flow (yet).`),
    );
    expect(await uploading(world, 'b', 'a/f')).toEqual([
      expect.stringMatching(/^trigger\.after goes round in a circle: (a\/f → b\/f → a\/f|b\/f → a\/f → b\/f)\./),
    ]);
    expect(await uploading(world, 'b', 'b/f')).toEqual([expect.stringContaining('circle: b/f → b/f.')]);
  });

  it('keeps what has been heard of flows that stay, and forgets the others', async () => {
    const world = await aWorldOf({ a: [], x: [] });
    await world.services.projects.create(ADMIN, { name: 'c', description: 'd' });
    await uploading(world, 'c', 'a/f,x/f');
    await world.stores.flowDependencies.noteSuccess({
      projectId: 3,
      flowId: 'f',
      upstream: { project: 'a', flow: 'f' },
      executionId: 7,
    });
    await uploading(world, 'c', 'x/f');
    expect(await world.stores.flowDependencies.of(3, 'f')).toMatchObject([{ upstream: { project: 'x' } }]);
    await world.services.projects.remove(ADMIN, 'c');
    expect(await world.stores.flowDependencies.list()).toEqual([]);
  });
});

describe('a lock of a flow', () => {
  const lock = (world: World, parts: { isLocked?: boolean; message?: string; flowId?: string } = {}, user = OWNER) =>
    world.services.projects.setFlowLock(user, { projectName: 'a', flowId: 'f', isLocked: true, ...parts });
  const submit = (world: World) =>
    world.services.executions.submit(OWNER, { projectName: 'a', flowId: 'f', options: someOptions() });

  it('refuses every start with the words of whoever has locked it, through later uploads, until it is unlocked', async () => {
    const world = await aWorldOf({ a: [] });
    await lock(world, { message: ' Moving house ' });
    await world.addVersion('a', aDefinition([aFlow('f').job('other')]));
    await expect(submit(world)).rejects.toMatchObject({ code: 'flow.locked', details: { message: 'Moving house' } });
    expect(await world.services.projects.isFlowLocked(OWNER, { projectName: 'a', flowId: 'f' })).toBe(true);
    await lock(world, { isLocked: false });
    expect((await submit(world)).execution.id).toBe(1);
  });

  it('is for flows that can be started; an inner flow is never locked', async () => {
    const world = aWorld();
    const definition = aDefinition([aFlow('f').job('j'), aFlow('f:in', { embedded: true }).job('j')]);
    await world.addProject({ name: 'a', definition });
    const inner = { projectName: 'a', flowId: 'f:in' };
    expect(await world.services.projects.isFlowLocked(OWNER, inner)).toBe(false);
    await expect(lock(world, { flowId: 'f:in' })).rejects.toMatchObject({ code: 'flow.not-found' });
  });

  it('needs ADMIN to be set and READ to be seen, and a flow', async () => {
    const world = await aWorldOf({ a: [] });
    await expect(lock(world, {}, aUser('executor'))).rejects.toMatchObject({ code: 'permission.missing' });
    await expect(lock(world, { flowId: 'nope' })).rejects.toMatchObject({ code: 'flow.not-found' });
    const seen = { projectName: 'a', flowId: 'f' };
    expect(await world.services.projects.isFlowLocked(aUser('executor'), seen)).toBe(false);
    await expect(world.services.projects.isFlowLocked(aUser('nobody'), seen)).rejects.toMatchObject({
      code: 'permission.missing',
    });
  });
});
