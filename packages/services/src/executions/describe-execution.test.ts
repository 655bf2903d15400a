import { describe, expect, it } from '@jest/globals';
import { aDefinition, aFlow } from '../fakes/a-definition.js';
import { aWorld, OWNER, someOptions } from '../fakes/a-service-world.js';
import type { World } from '../fakes/a-service-world.js';

describe('the detail of an execution', () => {
  it('shows every node of the graph, READY or DISABLED where nothing has happened', async () => {
    const world = await aWorldWithNestedFlow();
    const { id } = await world.addExecution({
      projectName: 'etl',
      flowId: 'outer',
      status: 'PREPARING',
      options: someOptions({ disabledJobs: [{ id: 'sub', children: [{ id: 'x' }] }] }),
    });
    const { plan, current, pastAttempts } = await world.services.executions.detail(OWNER, id);
    expect(plan.nodes.map(({ nestedId }) => nestedId)).toEqual(['', 'first', 'sub', 'sub:x', 'sub:y']);
    expect(current.map(({ nestedId, status }) => [nestedId, status])).toEqual([
      ['', 'PREPARING'],
      ['first', 'READY'],
      ['sub', 'READY'],
      ['sub:x', 'DISABLED'],
      ['sub:y', 'READY'],
    ]);
    expect(current.map(({ attempt, updatedAt }) => [attempt, updatedAt])).toEqual([
      [0, 1_000_000],
      ...Array.from({ length: 4 }, () => [0, 0]),
    ]);
    expect(pastAttempts.size).toBe(0);
  });

  it('takes the first node from the execution itself', async () => {
    const world = await aWorldWithNestedFlow();
    const ended = { status: 'FAILED' as const, startedAt: 5, endedAt: 9, updatedAt: 9 };
    const { id } = await world.addExecution({ projectName: 'etl', flowId: 'outer', ...ended });
    const { execution, current } = await world.services.executions.detail(OWNER, id);
    expect(execution).toMatchObject({ id, ...ended });
    expect(current[0]).toEqual({ nestedId: '', attempt: 0, ...ended });
  });

  it('tells the current attempt of a node from those before, whatever order they are stored in', async () => {
    const world = await aWorldWithNestedFlow();
    const { id } = await world.addExecution({ projectName: 'etl', flowId: 'outer' });
    for (const attempt of [2, 0, 1]) {
      world.addAttempt({
        executionId: id,
        nestedId: 'sub:x',
        attempt,
        status: attempt === 2 ? 'RUNNING' : 'FAILED',
        startedAt: attempt,
      });
    }
    const { plan, current, pastAttempts } = await world.services.executions.detail(OWNER, id);
    const index = plan.nodes.findIndex(({ nestedId }) => nestedId === 'sub:x');
    expect(current[index]).toMatchObject({ attempt: 2, status: 'RUNNING' });
    expect(pastAttempts.get(index)?.map(({ attempt }) => attempt)).toEqual([0, 1]);
    expect(pastAttempts.size).toBe(1);
  });

  it('shows the version it runs, not the newest', async () => {
    const world = await aWorldWithNestedFlow();
    const { id } = await world.addExecution({ projectName: 'etl', flowId: 'outer' });
    const project = await world.services.projects.find('etl');
    await world.stores.projects.addVersion({
      ...world.state.versions[0]!,
      definition: aDefinition([aFlow('outer').job('changed')]),
    });
    expect((await world.services.projects.find('etl')).currentVersion).toBe(project.currentVersion + 1);
    const { plan } = await world.services.executions.detail(OWNER, id);
    expect(plan.nodes.map(({ id: node }) => node)).toContain('first');
  });
});

describe('lists of executions', () => {
  it('give those that run ascending, all newest first, and the last that succeeded', async () => {
    const { services, addExecution, addProject } = aWorld();
    await addProject({ name: 'etl' });
    const flow = { projectName: 'etl', flowId: 'nightly' };
    expect(await services.executions.lastSuccessfulOfFlow(OWNER, flow)).toBeUndefined();
    for (const status of ['RUNNING', 'SUCCEEDED', 'SUCCEEDED', 'FAILED', 'PAUSED'] as const) {
      await addExecution({ projectName: 'etl', status });
    }
    expect(await services.executions.running(OWNER, flow)).toEqual([1, 5]);
    expect(await services.executions.lastSuccessfulOfFlow(OWNER, flow)).toBe(3);
    const { total, executions } = await services.executions.listOfFlow(OWNER, flow, { start: 1, length: 2 });
    expect([total, executions.map(({ id }) => id)]).toEqual([5, [4, 3]]);
    expect((await services.executions.list({}, { start: 0, length: 2 })).map(({ id }) => id)).toEqual([5, 4]);
  });

  it('are empty for a flow that does not exist, and refused for a project that does not', async () => {
    const { services, addProject } = aWorld();
    await addProject({ name: 'etl' });
    const flow = { projectName: 'etl', flowId: 'nope' };
    const page = { start: 0, length: 5 };
    expect(await services.executions.running(OWNER, flow)).toEqual([]);
    expect(await services.executions.listOfFlow(OWNER, flow, page)).toEqual({ total: 0, executions: [] });
    const missing = { projectName: 'nope', flowId: 'nightly' };
    for (const answer of [
      services.executions.running(OWNER, missing),
      services.executions.listOfFlow(OWNER, missing, page),
      services.executions.lastSuccessfulOfFlow(OWNER, missing),
    ]) {
      await expect(answer).rejects.toMatchObject({ code: 'project.not-found' });
    }
  });
});

async function aWorldWithNestedFlow(): Promise<World> {
  const world = aWorld();
  const definition = aDefinition([
    aFlow('outer')
      .job('first')
      .job('sub', { needs: ['first'], embeds: 'inner' }),
    aFlow('inner')
      .job('x')
      .job('y', { needs: ['x'] }),
  ]);
  await world.addProject({ name: 'etl', definition });
  return world;
}
