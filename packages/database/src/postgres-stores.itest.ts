import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_EXECUTION_OPTIONS, type ExecutionCommit, type Lease, type Status } from '@lockstep/domain';
import {
  anExecution,
  cloneTestDatabase,
  executionJournalContract,
  executionStoreContract,
  logChunksContract,
  projectStoreContract,
  sessionStoreContract,
  until,
} from '@lockstep/testing';
import {
  createStores,
  onExecutionFinished,
  PostgresExecutionJournal,
  PostgresLogChunks,
  PostgresUnitOfWork,
  PostgresWorkerRegistry,
} from './index.js';

/** A cloned database with everything on it, and one project. */
async function openWorld() {
  const database = await cloneTestDatabase();
  const stores = createStores(database.knex);
  const workers = new PostgresWorkerRegistry(database.knex);
  const journal = new PostgresExecutionJournal(database);
  const project = await stores.projects.create({ name: 'home', description: 'd', user: 'ann', at: 1 });
  return {
    ...stores,
    database,
    workers,
    journal,
    logChunks: new PostgresLogChunks(database),
    unitOfWork: new PostgresUnitOfWork(database.knex),
    projectId: project?.id ?? 0,
    startWorker: (id: string) => workers.register({ id, host: 'h', pid: 1, capacity: 4 }, { ttlMs: 60_000 }),
    loseWorker: async (id: string) => {
      await workers.heartbeat(id, { ttlMs: -1 });
    },
    close: () => database.drop(),
  };
}

type World = Awaited<ReturnType<typeof openWorld>>;

function finish(world: World, lease: Lease, status: Status, times: { startedAt: number; endedAt: number }) {
  const commit: ExecutionCommit = {
    lease,
    sequence: 0,
    execution: { status, ...times, updatedAt: times.endedAt },
    events: [],
    attempts: [],
    logChunks: [],
    handledRequestIds: [],
  };
  return world.journal.commit(commit);
}

async function claim(world: World, executionId: number, workerId: string): Promise<Lease> {
  const claimed = await world.journal.claim({ executionId, workerId });
  if (claimed.result !== 'claimed') throw new Error(`Execution ${executionId} was not claimable.`);
  return claimed.lease;
}

executionJournalContract('the journal in PostgreSQL', openWorld);
logChunksContract('logs in PostgreSQL', openWorld);
projectStoreContract('projects in PostgreSQL', openWorld);
sessionStoreContract('sessions in PostgreSQL', openWorld);
executionStoreContract('executions in PostgreSQL', async () => {
  const world = await openWorld();
  await world.startWorker('finisher');
  return {
    ...world,
    finish: async (id, { status, ...times }) => {
      await finish(world, await claim(world, id, 'finisher'), status, times);
    },
  };
});

describe('PostgreSQL', () => {
  let world: World;
  let runs = 0;

  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  const submit = (priority?: string) =>
    world.executions.insert(
      anExecution({
        projectId: world.projectId,
        options: {
          ...DEFAULT_EXECUTION_OPTIONS,
          flowParameters: priority === undefined ? {} : { flowPriority: priority },
        },
      }),
    );
  async function startWorker(): Promise<string> {
    const id = `w-${++runs}`;
    await world.startWorker(id);
    return id;
  }
  /** Takes everything that is overdue, so that a test sees only what it adds. */
  const drain = () => world.workers.takeOverdue({ quietMs: -1, limit: 1_000 });

  describe('as a worker registry', () => {
    it('lists a registered worker as alive, until it is unregistered', async () => {
      const id = await startWorker();
      const before = Date.now();
      const listed = (await world.workers.listAlive()).find((worker) => worker.id === id);
      expect(listed).toMatchObject({ id, host: 'h', pid: 1, capacity: 4 });
      expect(Math.abs((listed?.startedAt ?? 0) - before)).toBeLessThan(60_000);
      await world.workers.unregister(id);
      expect((await world.workers.listAlive()).map((worker) => worker.id)).not.toContain(id);
      expect(await world.workers.heartbeat(id, { ttlMs: 60_000 })).toBe(false);
    });

    it('buries a worker whose heartbeat has run out, and tells it so for ever', async () => {
      const [dead, alive] = [await startWorker(), await startWorker()];
      await world.loseWorker(dead);
      expect(await world.workers.buryDead()).toEqual([dead]);
      expect(await world.workers.buryDead()).toEqual([]);
      for (let beat = 0; beat < 3; beat++) {
        expect(await world.workers.heartbeat(dead, { ttlMs: 60_000 })).toBe(false);
        expect(await world.workers.heartbeat(alive, { ttlMs: 60_000 })).toBe(true);
      }
    });

    it('lets a late heartbeat save a worker nobody has missed', async () => {
      const id = await startWorker();
      await world.loseWorker(id);
      expect(await world.workers.heartbeat(id, { ttlMs: 60_000 })).toBe(true);
      expect(await world.workers.buryDead()).toEqual([]);
    });

    it('refuses an id that has been used, even by a worker that is gone', async () => {
      const id = await startWorker();
      await world.workers.unregister(id);
      await expect(world.startWorker(id)).rejects.toThrow(`Worker id "${id}" has been used before`);
    });

    it('tells a worker it is dead once one of its executions has gone to another', async () => {
      const [late, next] = [await startWorker(), await startWorker()];
      const executionId = await submit();
      await claim(world, executionId, late);
      await world.loseWorker(late);
      await claim(world, executionId, next);
      expect(await world.workers.heartbeat(late, { ttlMs: 60_000 })).toBe(false);
    });

    it('never lets a heartbeat and a burial both win', async () => {
      for (let round = 0; round < 20; round++) {
        const id = await startWorker();
        await world.loseWorker(id);
        const [buried, beat] = await Promise.all([
          world.workers.buryDead(),
          world.workers.heartbeat(id, { ttlMs: 60_000 }),
        ]);
        expect(buried.includes(id)).toBe(!beat);
      }
    });

    it('makes executions of an unregistered worker claimable', async () => {
      const [gone, next] = [await startWorker(), await startWorker()];
      const executionId = await submit();
      await claim(world, executionId, gone);
      await world.workers.unregister(gone);
      expect((await claim(world, executionId, next)).ticket).toBe(2);
    });

    it('takes overdue executions by priority, then age, and each once per quiet time', async () => {
      await drain();
      const ids = [await submit(), await submit('9'), await submit(), await submit('not a number'), await submit('-3')];
      expect(await world.workers.takeOverdue({ quietMs: 60_000, limit: 10 })).toEqual([]);
      const [normal, urgent, second, third, last] = ids;
      const taken = await world.workers.takeOverdue({ quietMs: -1, limit: 4 });
      expect(taken.map(({ executionId }) => executionId)).toEqual([urgent, normal, second, third]);
      expect(taken[0]).toEqual({ executionId: urgent, ticket: 0, priority: 9 });
      expect(await world.workers.takeOverdue({ quietMs: 60_000, limit: 10 })).toEqual([]);
      expect((await drain()).map(({ executionId }) => executionId)).toContain(last);
    });

    it('takes neither executions a living worker holds nor such as have ended, but those of a dead one', async () => {
      const [alive, dead] = [await startWorker(), await startWorker()];
      const [held, orphaned, ended] = [await submit(), await submit(), await submit()];
      await claim(world, held, alive);
      await claim(world, orphaned, dead);
      await finish(world, await claim(world, ended, alive), 'SUCCEEDED', { startedAt: 1, endedAt: 2 });
      await world.loseWorker(dead);
      const taken = await drain();
      expect(taken).toContainEqual({ executionId: orphaned, ticket: 1, priority: 5 });
      expect(taken.map(({ executionId }) => executionId)).not.toContain(held);
      expect(taken.map(({ executionId }) => executionId)).not.toContain(ended);
    });

    it('shares overdue executions out among sweeps that run at once', async () => {
      await drain();
      const ids: number[] = [];
      while (ids.length < 20) ids.push(await submit());
      await world.database.knex('executions').update({ nudged_at: new Date(0) });
      const sweeps = await Promise.all(
        Array.from({ length: 4 }, () => world.workers.takeOverdue({ quietMs: 60_000, limit: 5 })),
      );
      const taken = sweeps.flat().map(({ executionId }) => executionId);
      expect(new Set(taken).size).toBe(taken.length);
      expect(taken.length).toBeGreaterThanOrEqual(5);
    });
  });

  describe('as a unit of work', () => {
    it('writes everything, or nothing when the work throws', async () => {
      const work = world.unitOfWork.transaction(async ({ projects, executions }) => {
        await projects.create({ name: 'undone', description: 'd', user: 'ann', at: 1 });
        await executions.insert(anExecution({ projectId: world.projectId, flowId: 'undone' }));
        throw new Error('changed my mind');
      });
      await expect(work).rejects.toThrow('changed my mind');
      expect(await world.projects.findByName('undone')).toBeUndefined();
      expect(await world.executions.unfinishedOfFlow(world.projectId, 'undone')).toEqual([]);
    });

    it('lets one submission of a flow wait for the other, so that both see the truth', async () => {
      const submitOnce = () =>
        world.unitOfWork.transaction(async ({ executions }) => {
          await executions.lockFlow(world.projectId, 'once');
          const running = await executions.unfinishedOfFlow(world.projectId, 'once');
          if (running.length === 0) {
            await executions.insert(anExecution({ projectId: world.projectId, flowId: 'once' }));
          }
        });
      await Promise.all([submitOnce(), submitOnce(), submitOnce(), submitOnce()]);
      expect(await world.executions.unfinishedOfFlow(world.projectId, 'once')).toHaveLength(1);
    });
  });

  describe('as a messenger', () => {
    it('announces executions that end, by commit or by a kill before the start, and no other commit', async () => {
      const worker = await startWorker();
      const heard: string[] = [];
      const stop = await onExecutionFinished(world.database.listener, {
        onFinished: ({ executionId, status }) => heard.push(`${executionId} ${status}`),
      });
      const [running, ended, killed] = [await submit(), await submit(), await submit()];
      await finish(world, await claim(world, running, worker), 'RUNNING', { startedAt: 1, endedAt: 2 });
      await finish(world, await claim(world, ended, worker), 'FAILED', { startedAt: 1, endedAt: 2 });
      await world.executions.killUnstarted(killed, { user: 'ann', at: 3 });
      await until(() => heard.length >= 2);
      await stop();
      expect(heard).toEqual([`${ended} FAILED`, `${killed} KILLED`]);
    });

    it('sends a request only when its transaction commits', async () => {
      const heard: number[] = [];
      const [undone, done] = [await submit(), await submit()];
      const stop = await world.journal.onRequest((executionId) => heard.push(executionId));
      const request = { kind: 'cancel', user: 'ann', at: 1 } as const;
      await world.unitOfWork
        .transaction(async ({ executions }) => {
          await executions.addRequest({ executionId: undone, ...request });
          throw new Error('no');
        })
        .catch(() => undefined);
      await world.executions.addRequest({ executionId: done, ...request });
      await until(() => heard.includes(done));
      await stop();
      expect(heard).not.toContain(undone);
      expect(await world.journal.pendingRequests(undone)).toEqual([]);
    });

    it('goes on listening after its connection broke, and tells what may have been missed', async () => {
      const heard: number[] = [];
      const executionId = await submit();
      const stop = await world.journal.onRequest((id) => heard.push(id));
      // A request nobody is told of, as if it had been made while the connection was down.
      await world.database.knex.raw(
        `insert into execution_requests (execution_id, kind, user_name, at) values (?, 'pause', 'ann', 1)`,
        [executionId],
      );
      await breakConnections(world);
      await until(() => heard.includes(executionId));
      const next = await submit();
      await world.executions.addRequest({ executionId: next, kind: 'pause', user: 'ann', at: 1 });
      await until(() => heard.includes(next));
      await stop();
    });
  });

  it('survives the loss of all its connections', async () => {
    const worker = await startWorker();
    const executionId = await submit();
    const lease = await claim(world, executionId, worker);
    await breakConnections(world);
    // A pool may hand out a connection whose end it has not heard of yet; the next query gets a new one.
    await until(() => finish(world, lease, 'SUCCEEDED', { startedAt: 1, endedAt: 2 }).then(Boolean, () => false));
    await until(() => world.executions.find(executionId).then(Boolean, () => false));
    expect((await world.executions.find(executionId))?.status).toBe('SUCCEEDED');
  });

  it('finds what it needs per event in indexes, however long the history', async () => {
    await world.database.knex.raw('analyze');
    const plans = {
      history: `select id from executions where project_id = 1 and flow_id = 'f' order by id desc limit 10`,
      unfinished: `select id from executions where project_id = 1 and flow_id = 'f' and not finished order by id`,
      waiting: `select count(*) from executions where status = 20`,
      overdue: `select id from executions where not finished order by priority desc, id limit 10`,
      lastSuccess: `select id from executions where project_id = 1 and flow_id = 'f' and status = 50
        order by id desc limit 1`,
      requests: `select id from execution_requests where execution_id = 1 order by id`,
      log: `select end_byte from log_chunks where execution_id = 1 and nested_id = 'a' and attempt = 0
        order by start_byte desc limit 1`,
    };
    await world.database.knex.transaction(async (transaction) => {
      await transaction.raw('set local enable_seqscan = off');
      for (const [name, sql] of Object.entries(plans)) {
        const { rows } = await transaction.raw<{ rows: readonly Record<string, string>[] }>(`explain ${sql}`);
        const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
        expect({ name, plan }).toEqual({ name, plan: expect.not.stringContaining('Seq Scan') });
        expect({ name, plan }).toEqual({ name, plan: expect.not.stringContaining('Sort') });
      }
    });
  });
});

async function breakConnections({ database }: World): Promise<void> {
  await database.knex.raw(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid()`,
  );
}
