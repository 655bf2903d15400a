import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DEFAULT_EXECUTION_OPTIONS, type ExecutionStore, type NewExecution } from '@lockstep/domain';
import { anExecution } from '../builders/an-execution.js';

export interface ExecutionWorld {
  readonly executions: ExecutionStore;
  readonly projectId: number;
  /** Brings an execution to that state, as a worker would. */
  finish(id: number, as: { status: 'SUCCEEDED' | 'FAILED'; startedAt: number; endedAt: number }): Promise<void>;
  close(): Promise<void>;
}

/** What every `ExecutionStore` promises, apart from what the journal's contract shows of it. */
export function executionStoreContract(name: string, open: () => Promise<ExecutionWorld>): void {
  describe(`${name}, as an execution store`, () => {
    let world: ExecutionWorld;
    let flowId: string;
    let runs = 0;

    beforeAll(async () => {
      world = await open();
    });
    afterAll(() => world.close());
    beforeEach(() => {
      flowId = `flow-${++runs}`;
    });

    const submission = (but: Partial<NewExecution> = {}) => anExecution({ projectId: world.projectId, flowId, ...but });
    const submit = (but: Partial<NewExecution> = {}) => world.executions.insert(submission(but));
    const submitMany = async (count: number) => {
      const ids: number[] = [];
      while (ids.length < count) ids.push(await submit());
      return ids;
    };

    it('stores a submission as PREPARING, under ever larger ids', async () => {
      const options = {
        ...DEFAULT_EXECUTION_OPTIONS,
        flowParameters: { day: 'ü\u0000"', flowPriority: '9' },
        disabledJobs: [{ id: 'a', children: [{ id: 'b' }] }],
      };
      const [first, second] = [await submit({ options }), await submit()];
      expect(first).toBeGreaterThan(0);
      expect(second).toBeGreaterThan(first);
      expect(await world.executions.find(first)).toEqual({
        ...submission({ options }),
        id: first,
        status: 'PREPARING',
        updatedAt: 1_000,
      });
      expect(await world.executions.find(999_999_999)).toBeUndefined();
      expect(await world.executions.attemptsOf(first)).toEqual([]);
    });

    it('knows the unfinished executions of a flow, ascending', async () => {
      const [a, b, c] = (await submitMany(3)) as [number, number, number];
      await world.finish(b, { status: 'FAILED', startedAt: 1, endedAt: 2 });
      expect(await world.executions.unfinishedOfFlow(world.projectId, flowId)).toEqual([a, c]);
      expect(await world.executions.unfinishedOfFlow(world.projectId, 'another')).toEqual([]);
    });

    it('counts the executions that wait for a worker', async () => {
      const before = await world.executions.countWaiting();
      const ids = await submitMany(2);
      expect(await world.executions.countWaiting()).toBe(before + 2);
      await world.executions.killUnstarted(ids[0] ?? 0, { user: 'ann', at: 1 });
      expect(await world.executions.countWaiting()).toBe(before + 1);
    });

    it('lists the history of a flow newest first, with the total', async () => {
      const [a, b, c] = await submitMany(3);
      const page = await world.executions.listOfFlow({ projectId: world.projectId, flowId }, { start: 1, length: 5 });
      expect(page.total).toBe(3);
      expect(page.executions.map(({ id }) => id)).toEqual([b, a]);
      const newest = await world.executions.listOfFlow({ projectId: world.projectId, flowId }, { start: 0, length: 1 });
      expect(newest.executions.map(({ id }) => id)).toEqual([c]);
    });

    it('finds the last success of a flow', async () => {
      const [a, b, c] = (await submitMany(3)) as [number, number, number];
      expect(await world.executions.lastSuccessfulOfFlow(world.projectId, flowId)).toBeUndefined();
      await world.finish(a, { status: 'SUCCEEDED', startedAt: 1, endedAt: 2 });
      await world.finish(b, { status: 'SUCCEEDED', startedAt: 1, endedAt: 2 });
      await world.finish(c, { status: 'FAILED', startedAt: 1, endedAt: 2 });
      expect(await world.executions.lastSuccessfulOfFlow(world.projectId, flowId)).toBe(b);
    });

    it('filters by texts in any letter case, by status and by time, newest first', async () => {
      const [a, b, c] = (await submitMany(3)) as [number, number, number];
      await world.finish(a, { status: 'SUCCEEDED', startedAt: 10, endedAt: 20 });
      await world.finish(b, { status: 'FAILED', startedAt: 30, endedAt: 40 });
      const list = async (filter: Parameters<ExecutionStore['list']>[0]) =>
        (await world.executions.list({ flowIdContains: flowId, ...filter }, { start: 0, length: 50 }))
          .filter((execution) => execution.flowId === flowId)
          .map(({ id }) => id);
      expect(await list({})).toEqual([c, b, a]);
      expect(await list({ flowIdContains: flowId.toUpperCase() })).toEqual([c, b, a]);
      expect(await list({ projectNameContains: 'ROJ', submitUserContains: 'AN' })).toEqual([c, b, a]);
      expect(await list({ submitUserContains: 'a%' })).toEqual([]);
      expect(await list({ statuses: ['SUCCEEDED', 'PREPARING'] })).toEqual([c, a]);
      expect(await list({ startedAfter: 10 })).toEqual([b]);
      expect(await list({ endedBefore: 40 })).toEqual([a]);
    });
  });
}
