import { describe, expect, it } from '@jest/globals';
import type { Execution, Status } from '@lockstep/domain';
import { aDefinition, aFlow } from '../fakes/a-definition.js';
import { aUser, aWorld, OWNER, someOptions } from '../fakes/a-service-world.js';
import type { World } from '../fakes/a-service-world.js';

/** a → sub(x → y) → b; the execution ended as the attempts say. */
async function aWorldAfter(
  attempts: Readonly<Record<string, Status>>,
  execution: Partial<Execution> = {},
): Promise<World> {
  const world = aWorld();
  await world.addProject({
    name: 'etl',
    definition: aDefinition(
      [
        aFlow('nightly')
          .job('a')
          .job('sub', { needs: ['a'], embeds: 'inner' })
          .job('b', { needs: ['sub'] }),
        aFlow('inner', { embedded: true })
          .job('x')
          .job('y', { needs: ['x'] }),
      ],
      { propertyFiles: { 'param_override.properties': { properties: { day: 'monday', zone: 'UTC' } } } },
    ),
    permissions: [['runner', 'EXECUTE']],
  });
  await world.addExecution({ projectName: 'etl', status: 'FAILED', ...execution });
  for (const [nestedId, status] of Object.entries(attempts)) world.addAttempt({ executionId: 1, nestedId, status });
  return world;
}

const rerun = (world: World, from: 'failure' | 'start' = 'failure', user = OWNER) =>
  world.services.executions.rerun(user, 1, { from });

describe('running an execution again', () => {
  it.each<[Readonly<Record<string, Status>>, readonly unknown[]]>([
    [{ a: 'SUCCEEDED', sub: 'FAILED', 'sub:x': 'FAILED', b: 'CANCELLED' }, [{ id: 'a' }]],
    [
      { a: 'SKIPPED', sub: 'SUCCEEDED', 'sub:x': 'SUCCEEDED', 'sub:y': 'SUCCEEDED', b: 'FAILED' },
      [{ id: 'a' }, { id: 'sub' }],
    ],
    [
      { a: 'SUCCEEDED', sub: 'KILLED', 'sub:x': 'SUCCEEDED', 'sub:y': 'KILLED' },
      [{ id: 'a' }, { id: 'sub', children: [{ id: 'x' }] }],
    ],
    [{ a: 'SUCCEEDED', sub: 'FAILED', 'sub:x': 'SUCCEEDED', 'sub:y': 'SUCCEEDED' }, [{ id: 'a' }, { id: 'sub' }]],
    [{ a: 'FAILED_SUCCEEDED', sub: 'FAILED' }, []],
    [{ a: 'FAILED' }, []],
  ])('from the failure disables what is done: %j', async (attempts, disabledJobs) => {
    const world = await aWorldAfter(attempts);
    const { execution } = await rerun(world);
    expect(execution.options.disabledJobs).toEqual(disabledJobs);
    expect(execution).toMatchObject({ id: 2, source: 'adhoc', submitUser: 'owner', retryOf: 1, retryRoot: 1 });
    expect(world.nudges).toEqual([{ executionId: 2, ticket: 0, priority: 5 }]);
  });

  it('keeps what was disabled, in an execution that never came to it too', async () => {
    const options = someOptions({ disabledJobs: [{ id: 'sub', children: [{ id: 'y' }] }] });
    const world = await aWorldAfter({ a: 'FAILED' }, { options });
    expect((await rerun(world)).execution.options.disabledJobs).toEqual([{ id: 'sub', children: [{ id: 'y' }] }]);
    world.changeExecution(2, { status: 'FAILED' });
    const { execution } = await rerun(world, 'start');
    expect(execution.options.disabledJobs).toEqual(options.disabledJobs);
  });

  it('has the options of the old one, without the execution that one followed', async () => {
    const world = await aWorldAfter(
      {},
      {
        options: someOptions({
          failureAction: 'CANCEL_ALL',
          failureActionOverridden: true,
          flowParameters: { day: 'tuesday', zone: 'UTC', own: '1' },
          concurrentOption: 'pipeline',
          pipelineLevel: 2,
          pipelineExecutionId: 77,
        }),
      },
    );
    const { options } = (await rerun(world, 'start')).execution;
    expect(options).toMatchObject({ failureAction: 'CANCEL_ALL', pipelineLevel: 2 });
    expect(options).not.toHaveProperty('pipelineExecutionId');
    expect(options.flowParameters).toEqual({ day: 'tuesday', zone: 'UTC', own: '1' });
  });

  it('takes the newest version and what that brings along, or the same version when asked to', async () => {
    const world = await aWorldAfter({}, { options: someOptions({ flowParameters: { day: 'monday', own: '1' } }) });
    const definition = aDefinition([aFlow('nightly').job('new')], {
      propertyFiles: { 'param_override.properties': { properties: { day: 'friday' } } },
    });
    await world.addVersion('etl', definition);
    const newest = (await rerun(world, 'start')).execution;
    expect([newest.version, newest.options.flowParameters]).toEqual([2, { day: 'friday', own: '1' }]);
    world.changeExecution(2, { status: 'FAILED' });
    const same = await world.services.executions.rerun(OWNER, 1, { from: 'start', version: 'same' });
    expect([same.execution.version, same.execution.options.flowParameters['day']]).toEqual([1, 'monday']);
  });

  it('makes one chain of all tries, whichever of them is asked about', async () => {
    const world = await aWorldAfter({});
    await rerun(world);
    world.changeExecution(2, { status: 'KILLED' });
    const { execution } = await world.services.executions.rerun(OWNER, 2, { from: 'failure' });
    expect(execution).toMatchObject({ retryOf: 2, retryRoot: 1 });
    for (const id of [1, 2, 3]) {
      expect((await world.services.executions.chain(OWNER, id)).map((one) => one.id)).toEqual([1, 2, 3]);
    }
    await expect(world.services.executions.chain(aUser('nobody'), 1)).rejects.toMatchObject({
      code: 'permission.missing',
    });
  });

  it.each<[string, Partial<Execution>, 'failure' | 'start', string]>([
    ['one that runs', { status: 'RUNNING' }, 'start', 'execution.still-running'],
    ['one that is being killed', { status: 'KILLING' }, 'failure', 'execution.still-running'],
    ['the failure of one without', { status: 'SUCCEEDED' }, 'failure', 'execution.nothing-failed'],
    ['a flow that is gone', { flowId: 'gone' }, 'start', 'flow.not-found'],
  ])('is refused for %s', async (_what, parts, from, code) => {
    const world = await aWorldAfter({}, parts);
    await expect(rerun(world, from)).rejects.toMatchObject({ code });
    expect(world.state.executions).toHaveLength(1);
  });

  it('runs a success again from the start', async () => {
    const world = await aWorldAfter({ a: 'SUCCEEDED' }, { status: 'SUCCEEDED' });
    expect((await rerun(world, 'start')).execution.options.disabledJobs).toEqual([]);
  });

  it('needs EXECUTE and nothing else', async () => {
    const world = await aWorldAfter({});
    await expect(rerun(world, 'start', aUser('nobody'))).rejects.toMatchObject({ code: 'permission.missing' });
    expect((await rerun(world, 'start', aUser('runner'))).execution.submitUser).toBe('runner');
  });
});
