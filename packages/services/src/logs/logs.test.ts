import { describe, expect, it } from '@jest/globals';
import { aDefinition, aFlow } from '../fakes/a-definition.js';
import { aWorld, OWNER } from '../fakes/a-service-world.js';
import type { World } from '../fakes/a-service-world.js';

const RANGE = { offset: 3, length: 50 };

describe('the flow log', () => {
  it('is read by offset and length', async () => {
    const { world, executionId } = await aRunningExecution();
    expect(await world.services.logs.flowLog(OWNER, { executionId, ...RANGE })).toEqual({
      ...RANGE,
      text: `log of ${executionId}//0`,
    });
  });

  it('needs an execution that exists', async () => {
    const { world } = await aRunningExecution();
    await expect(world.services.logs.flowLog(OWNER, { executionId: 99, ...RANGE })).rejects.toMatchObject({
      code: 'execution.not-found',
    });
  });
});

describe('the log of a job', () => {
  it('is that of the current attempt, or of the one asked for', async () => {
    const { world, executionId } = await aRunningExecution();
    for (const attempt of [1, 0]) {
      world.addAttempt({ executionId, nestedId: 'sub:x', attempt, status: 'RUNNING', startedAt: 1 });
    }
    const read = (attempt: object) =>
      world.services.logs.jobLog(OWNER, { executionId, nestedId: 'sub:x', ...attempt, ...RANGE });
    expect((await read({})).text).toBe(`log of ${executionId}/sub:x/1`);
    expect((await read({ attempt: 0 })).text).toBe(`log of ${executionId}/sub:x/0`);
    await expect(read({ attempt: 2 })).rejects.toMatchObject({ code: 'attempt.log-missing' });
  });

  it.each(['nope', '', 'x', 'sub:nope', 'outer'])(
    'is refused for %p, which the flow does not have',
    async (nestedId) => {
      const { world, executionId } = await aRunningExecution();
      await expect(world.services.logs.jobLog(OWNER, { executionId, nestedId, ...RANGE })).rejects.toMatchObject({
        code: 'job.not-found',
        details: { execution: executionId, flow: 'outer', job: nestedId },
      });
    },
  );

  it('is missing while the job has not been looked at, and while it waits for its turn', async () => {
    const { world, executionId } = await aRunningExecution();
    const read = () => world.services.logs.jobLog(OWNER, { executionId, nestedId: 'sub:x', ...RANGE });
    const missing = { code: 'attempt.log-missing', details: { execution: executionId, job: 'sub:x' } };
    await expect(read()).rejects.toMatchObject(missing);
    world.addAttempt({ executionId, nestedId: 'sub:x', status: 'QUEUED' });
    await expect(read()).rejects.toMatchObject(missing);
  });
});

async function aRunningExecution(): Promise<{ world: World; executionId: number }> {
  const world = aWorld();
  const definition = aDefinition([aFlow('outer').job('sub', { embeds: 'inner' }), aFlow('inner').job('x')]);
  await world.addProject({ name: 'etl', definition });
  const { id } = await world.addExecution({ projectName: 'etl', flowId: 'outer' });
  return { world, executionId: id };
}
