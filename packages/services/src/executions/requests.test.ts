import { describe, expect, it } from '@jest/globals';
import type { Status } from '@lockstep/domain';
import { FINAL_EXECUTION_STATUSES } from '@lockstep/domain';
import { ADMIN, aWorld, OWNER, someOptions } from '../fakes/a-service-world.js';
import type { World } from '../fakes/a-service-world.js';

const ALIVE: readonly Status[] = ['PREPARING', 'RUNNING', 'PAUSED', 'FAILED_FINISHING', 'KILLING'];
const CALLS = { cancel: 'cancel', pause: 'pause', resume: 'resume', retryFailed: 'retry-failed' } as const;
type Call = keyof typeof CALLS;
const CALL_NAMES = Object.keys(CALLS) as Call[];

describe('a request to an execution that is alive', () => {
  it.each(
    CALL_NAMES.flatMap((call) => ALIVE.map((status) => ({ call, status }))).filter(
      ({ call, status }) => !(call === 'pause' && status === 'KILLING'),
    ),
  )('to $call while it is $status is left for its worker, as often as it is made', async ({ call, status }) => {
    const { world, id } = await aWorldWith(status);
    await world.services.executions[call](OWNER, id);
    await world.services.executions[call](OWNER, id);
    const request = { executionId: id, kind: CALLS[call], user: 'owner', at: 1_000_000 };
    expect(world.state.requests).toEqual([request, request]);
  });

  it('to pause while it is being killed is refused', async () => {
    const { world, id } = await aWorldWith('KILLING');
    await expect(world.services.executions.pause(OWNER, id)).rejects.toMatchObject({
      code: 'execution.cannot-pause',
      message: `Execution ${id} with status KILLING cannot be paused.`,
    });
  });
});

describe('a request to an execution that has ended', () => {
  const cases = CALL_NAMES.flatMap((call) => FINAL_EXECUTION_STATUSES.map((status) => ({ call, status })));

  it.each(cases)('to $call is refused when it is $status', async ({ call, status }) => {
    const { world, id } = await aWorldWith(status);
    const saysFinished = call === 'retryFailed' && (status === 'FAILED' || status === 'SUCCEEDED');
    await expect(world.services.executions[call](OWNER, id)).rejects.toMatchObject({
      code: saysFinished ? 'execution.already-finished' : 'execution.not-running',
      details: { execution: id, flow: 'nightly' },
    });
    expect(world.state.requests).toEqual([]);
  });
});

describe('cancelling', () => {
  it('ends an execution at once that no worker has taken', async () => {
    const world = aWorld();
    await world.addProject({ name: 'etl' });
    const { execution } = await world.services.executions.submit(OWNER, {
      projectName: 'etl',
      flowId: 'nightly',
      options: someOptions(),
    });
    await world.services.executions.cancel(ADMIN, execution.id);
    expect(await world.services.executions.find(OWNER, execution.id)).toMatchObject({
      status: 'KILLED',
      modifiedBy: 'root',
      endedAt: 1_000_000,
    });
    expect(world.state.requests).toEqual([]);
    await expect(world.services.executions.cancel(ADMIN, execution.id)).rejects.toMatchObject({
      code: 'execution.not-running',
    });
  });
});

describe('any request', () => {
  it.each([...CALL_NAMES, 'find' as const, 'detail' as const])('%s needs an execution that exists', async (call) => {
    const { world } = await aWorldWith('RUNNING');
    await expect(world.services.executions[call](ADMIN, 99)).rejects.toMatchObject({
      code: 'execution.not-found',
      details: { execution: 99 },
    });
  });

  it.each([...CALL_NAMES, 'find' as const, 'detail' as const])(
    '%s needs a project that is not deleted',
    async (call) => {
      const { world, id } = await aWorldWith('RUNNING');
      await world.services.projects.remove(OWNER, 'etl');
      await expect(world.services.executions[call](ADMIN, id)).rejects.toMatchObject({
        code: 'project.not-found',
        details: { project: 'etl' },
      });
    },
  );
});

async function aWorldWith(status: Status): Promise<{ world: World; id: number }> {
  const world = aWorld();
  await world.addProject({ name: 'etl' });
  const { id } = await world.addExecution({ projectName: 'etl', status });
  return { world, id };
}
