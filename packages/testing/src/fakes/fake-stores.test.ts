import { describe, expect, it } from '@jest/globals';
import { InMemoryExecutionJournal } from '@lockstep/database';
import {
  anExecution,
  executionJournalContract,
  executionStoreContract,
  fakeStores,
  logChunksContract,
  projectStoreContract,
  sessionStoreContract,
} from '../index.js';

const nothing = async () => undefined;

executionJournalContract('the journal in memory', async () => {
  const stores = fakeStores();
  const dead = new Set<string>();
  const journal = new InMemoryExecutionJournal({
    executions: stores.inMemoryExecutions,
    logChunks: stores.logChunks,
    isAlive: (workerId) => !dead.has(workerId),
  });
  const loseWorker = async (id: string) => void dead.add(id);
  return { ...stores, journal, projectId: 1, startWorker: nothing, loseWorker, close: nothing };
});

logChunksContract('logs in memory', async () => ({
  ...fakeStores(),
  projectId: 1,
  startWorker: nothing,
  close: nothing,
}));

executionStoreContract('executions in memory', async () => {
  const stores = fakeStores();
  const finish = async (executionId: number, { status, ...times }: { status: 'SUCCEEDED' | 'FAILED' } & Times) => {
    const claim = await stores.journal.claim({ executionId, workerId: 'w' });
    if (claim.result !== 'claimed') throw new Error('not claimable');
    const execution = { status, ...times, updatedAt: times.endedAt };
    const nothingElse = { events: [], attempts: [], logChunks: [], handledRequestIds: [] };
    await stores.journal.commit({ lease: claim.lease, sequence: 0, execution, ...nothingElse });
  };
  return { ...stores, projectId: 1, finish, close: nothing };
});

projectStoreContract('projects in memory', async () => ({ ...fakeStores(), close: nothing }));
sessionStoreContract('sessions in memory', async () => ({ ...fakeStores(), close: nothing }));

describe('the unit of work in memory', () => {
  it('leaves everything as it was when the work throws', async () => {
    const stores = fakeStores();
    const work = stores.unitOfWork.transaction(async ({ executions, projects }) => {
      await executions.insert(anExecution());
      await projects.create({ name: 'p', description: 'd', user: 'ann', at: 1 });
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await stores.projects.listActive()).toEqual([]);
    expect(await stores.executions.find(1)).toBeUndefined();
  });

  it('runs one transaction after another', async () => {
    const stores = fakeStores();
    const submitOnce = () =>
      stores.unitOfWork.transaction(async ({ executions }) => {
        const running = await executions.unfinishedOfFlow(1, 'flow');
        if (running.length === 0) await executions.insert(anExecution());
      });
    await Promise.all([submitOnce(), submitOnce(), submitOnce()]);
    expect(await stores.executions.unfinishedOfFlow(1, 'flow')).toEqual([1]);
  });
});

interface Times {
  readonly startedAt: number;
  readonly endedAt: number;
}
