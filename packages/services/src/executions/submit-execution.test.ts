import { describe, expect, it } from '@jest/globals';
import type { ExecutionOptions } from '@lockstep/domain';
import { aDefinition, aFlow } from '../fakes/a-definition.js';
import { ADMIN, aWorld, OWNER, someOptions } from '../fakes/a-service-world.js';
import type { World } from '../fakes/a-service-world.js';

describe('a submission', () => {
  it('is stored with the current version and everything asked for, then told to the workers', async () => {
    const world = await aWorldWithFlow();
    const { execution, concurrentWith } = await submit(world, { flowParameters: { day: 'today' } });
    expect(concurrentWith).toEqual([]);
    expect(execution).toMatchObject({
      id: 1,
      projectName: 'etl',
      version: 1,
      flowId: 'nightly',
      status: 'PREPARING',
      submitUser: 'owner',
      submittedAt: 1_000_000,
      updatedAt: 1_000_000,
      source: 'adhoc',
      options: { concurrentOption: 'skip', flowParameters: { day: 'today' } },
    });
    expect(await world.services.executions.find(OWNER, 1)).toEqual(execution);
    expect(world.nudges).toEqual([{ executionId: 1, ticket: 0, priority: 5 }]);
  });

  it('keeps what has caused it', async () => {
    const world = await aWorldWithFlow();
    const { execution } = await world.services.executions.submit(OWNER, {
      projectName: 'etl',
      flowId: 'nightly',
      options: someOptions(),
      source: 'schedule',
    });
    expect(execution.source).toBe('schedule');
  });

  it('stands although the workers cannot be told', async () => {
    const failing = { nudge: () => Promise.reject(new Error('queue is down')), close: async () => undefined };
    const world = await aWorldWithFlow({}, { dispatcher: failing });
    expect((await submit(world)).execution.id).toBe(1);
    expect(world.warnings).toEqual(['The workers could not be told of an execution; they will be told again.']);
  });

  it('does not wait for the workers to be told', async () => {
    const never = { nudge: () => new Promise<void>(() => undefined), close: async () => undefined };
    const world = await aWorldWithFlow({}, { dispatcher: never });
    expect((await submit(world)).execution.id).toBe(1);
  });

  it.each([
    ['an unknown project', { projectName: 'nope' }, 'project.not-found', { project: 'nope' }],
    ['an unknown flow', { flowId: 'nope' }, 'flow.not-found', { project: 'etl', flow: 'nope' }],
    ['an inner flow', { flowId: 'outer:in' }, 'flow.not-found', { project: 'etl', flow: 'outer:in' }],
    ['a name every object has', { flowId: 'constructor' }, 'flow.not-found', { project: 'etl', flow: 'constructor' }],
  ])('of %s is refused', async (_what, parts, code, details) => {
    const world = await aWorldWithFlow();
    const submission = { projectName: 'etl', flowId: 'nightly', options: someOptions(), ...parts };
    await expect(world.services.executions.submit(OWNER, submission)).rejects.toMatchObject({ code, details });
    expectNothingSubmitted(world);
  });

  it('of a project without upload finds no flow', async () => {
    const world = aWorld();
    await world.services.projects.create(OWNER, { name: 'etl', description: 'd' });
    await expect(submit(world)).rejects.toMatchObject({ code: 'flow.not-found' });
  });

  it('of a locked flow is refused', async () => {
    const world = await aWorldWithFlow();
    await world.services.projects.setFlowLock(ADMIN, { projectName: 'etl', flowId: 'nightly', isLocked: true });
    await expect(submit(world)).rejects.toMatchObject({
      code: 'flow.locked',
      message: 'Flow nightly for project etl is locked.',
    });
    expectNothingSubmitted(world);
  });

  it('with bad options is refused, and nothing is stored', async () => {
    const world = await aWorldWithFlow();
    await expect(submit(world, { flowParameters: { 'flow.max.retries': '3' } })).rejects.toMatchObject({
      code: 'execution.bad-options',
    });
    expectNothingSubmitted(world);
  });

  it('may set what is for administrators only when one submits it', async () => {
    const world = await aWorldWithFlow();
    const options = { flowParameters: { flowPriority: '5' }, concurrentOption: 'ignore' as const };
    expect((await submit(world, options)).execution.options.flowParameters).toEqual({});
    expect((await submit(world, options, ADMIN)).execution.options.flowParameters).toEqual({ flowPriority: '5' });
  });
});

describe('a submission while the flow runs', () => {
  it('with skip is refused', async () => {
    const world = await aWorldWithFlow();
    await submit(world);
    await expect(submit(world)).rejects.toMatchObject({
      code: 'execution.already-running',
      message: 'Flow nightly is already running. Skipping execution.',
    });
    expect(world.state.executions).toHaveLength(1);
  });

  it('with skip is refused for all but one of many at the same moment', async () => {
    const world = await aWorldWithFlow();
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => submit(world)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(world.state.executions).toHaveLength(1);
  });

  it.each(['PREPARING', 'RUNNING', 'PAUSED', 'KILLING', 'FAILED_FINISHING'] as const)(
    'counts an execution that is %s',
    async (status) => {
      const world = await aWorldWithFlow();
      await world.addExecution({ projectName: 'etl', status });
      await expect(submit(world)).rejects.toMatchObject({ code: 'execution.already-running' });
    },
  );

  it.each(['SUCCEEDED', 'FAILED', 'KILLED', 'EXECUTION_STOPPED'] as const)(
    'does not count an execution that is %s, nor one of another flow',
    async (status) => {
      const world = await aWorldWithFlow();
      await world.addExecution({ projectName: 'etl', status });
      await world.addExecution({ projectName: 'etl', flowId: 'other' });
      expect((await submit(world)).concurrentWith).toEqual([]);
    },
  );

  it('with ignore starts beside the others and names them', async () => {
    const world = await aWorldWithFlow();
    await submit(world);
    await submit(world, { concurrentOption: 'ignore' });
    const { execution, concurrentWith } = await submit(world, { concurrentOption: 'ignore', pipelineLevel: 2 });
    expect(concurrentWith).toEqual([1, 2]);
    expect(execution.options.pipelineExecutionId).toBeUndefined();
  });

  it('with pipeline waits behind the newest', async () => {
    const world = await aWorldWithFlow();
    await submit(world);
    await submit(world, { concurrentOption: 'ignore' });
    const { execution, concurrentWith } = await submit(world, { concurrentOption: 'pipeline', pipelineLevel: 2 });
    expect(concurrentWith).toEqual([1, 2]);
    expect(execution.options).toMatchObject({ pipelineLevel: 2, pipelineExecutionId: 2 });
    const { plan } = await world.services.executions.detail(OWNER, execution.id);
    expect(plan.pipelineExecutionId).toBe(2);
    expect(plan.nodes.find(({ id }) => id === 'a')?.waitsFor).toEqual(['a', 'b']);
  });

  it('with queue waits until all that are unfinished have ended', async () => {
    const world = await aWorldWithFlow();
    await submit(world);
    const { execution } = await submit(world, { concurrentOption: 'queue', queueLevel: 1 });
    expect(execution.options).toMatchObject({ concurrentOption: 'queue', queueLevel: 1 });
    expect(execution.options.pipelineExecutionId).toBeUndefined();
    expect(world.state.waits).toEqual([{ id: execution.id, on: [1], needsSuccess: false }]);
  });

  it.each(['pipeline', 'queue'] as const)('with %s waits for nothing when nothing runs', async (concurrentOption) => {
    const world = await aWorldWithFlow();
    const { execution } = await submit(world, { concurrentOption, pipelineLevel: 1, pipelineExecutionId: 99 });
    expect(execution.options.pipelineExecutionId).toBeUndefined();
  });

  it('is refused once as many run as one flow may have', async () => {
    const world = await aWorldWithFlow();
    for (let count = 0; count < 30; count++) await submit(world, { concurrentOption: 'ignore' });
    for (const concurrentOption of ['ignore', 'pipeline', 'queue'] as const) {
      await expect(submit(world, { concurrentOption, pipelineLevel: 1 })).rejects.toMatchObject({
        code: 'execution.too-many-runs',
        message: 'Flow nightly has more than 30 concurrent runs. Skipping',
      });
    }
    expect(world.state.executions).toHaveLength(30);
  });

  it('obeys the limit of its own that a flow may have', async () => {
    const world = await aWorldWithFlow({
      maxConcurrentRunsOneFlow: 3,
      concurrentRunsWhitelist: [
        { project: 'other', flow: 'nightly', limit: 9 },
        { project: 'etl', flow: 'nightly', limit: 1 },
      ],
    });
    await submit(world);
    await expect(submit(world, { concurrentOption: 'ignore' })).rejects.toMatchObject({
      code: 'execution.too-many-runs',
      details: { limit: 1 },
    });
  });
});

describe('a full queue', () => {
  it('takes no more until a worker has taken one', async () => {
    const world = await aWorldWithFlow({ queueSize: 1 });
    await submit(world);
    const next = () => submit(world, { concurrentOption: 'ignore' });
    await expect(next()).rejects.toMatchObject({
      code: 'execution.queue-full',
      details: { project: 'etl', flow: 'nightly', limit: 1 },
    });
    world.state.taken.add(1);
    expect((await next()).execution.id).toBe(2);
  });
});

async function aWorldWithFlow(...[limits, dependencies]: Parameters<typeof aWorld>): Promise<World> {
  const world = aWorld(limits, dependencies);
  const definition = aDefinition([
    aFlow('nightly')
      .job('a')
      .job('b', { needs: ['a'] }),
    aFlow('other').job('a'),
    aFlow('outer:in', { embedded: true }).job('a'),
  ]);
  await world.addProject({ name: 'etl', definition });
  return world;
}

function submit(world: World, options: Partial<ExecutionOptions> = {}, user = OWNER) {
  return world.services.executions.submit(user, {
    projectName: 'etl',
    flowId: 'nightly',
    options: someOptions(options),
  });
}

function expectNothingSubmitted({ state, nudges }: World): void {
  expect(state.executions).toEqual([]);
  expect(nudges).toEqual([]);
}
