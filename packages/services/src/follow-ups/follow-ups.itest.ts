import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createBuiltInUserDirectory, createSessionToken } from '@lockstep/auth';
import {
  createStores,
  onExecutionEnded,
  PostgresExecutionJournal,
  PostgresUnitOfWork,
  PostgresWorkerRegistry,
} from '@lockstep/database';
import type { Execution, ExecutionJournal, Project, Status, Stores, UnitOfWork } from '@lockstep/domain';
import { cloneTestDatabase, until, type TestDatabase } from '@lockstep/testing';
import { createServices } from '../create-services.js';
import { DEFAULT_SERVICE_LIMITS, type ServiceDependencies } from '../dependencies.js';
import { aDefinition, aFlow } from '../fakes/a-definition.js';
import { ADMIN, someOptions } from '../fakes/a-service-world.js';
import type { Services } from '../services.js';
import { createFollowUps, type FollowUps } from './create-follow-ups.js';

let database: TestDatabase;
let stores: Stores;
let journal: ExecutionJournal;
let services: Services;
/** Of two processes. */
let schedulers: readonly [FollowUps, FollowUps];
let projects = 0;

beforeAll(async () => {
  database = await cloneTestDatabase();
  stores = createStores(database.knex);
  journal = new PostgresExecutionJournal(database);
  services = createServices(dependencies());
  schedulers = [createFollowUps(dependencies()), createFollowUps(dependencies())];
  const worker = { id: 'w', host: 'h', pid: 1, capacity: 100 };
  await new PostgresWorkerRegistry(database.knex).register(worker, { ttlMs: 600_000 });
}, 60_000);
afterAll(() => database?.drop());
beforeEach(async () => {
  await database.knex('execution_ends').delete();
});

function dependencies(parts: Partial<ServiceDependencies> = {}): ServiceDependencies {
  return {
    unitOfWork: new PostgresUnitOfWork(database.knex),
    stores,
    logReader: { readSlice: async (_log, { offset }) => ({ offset, length: 0, text: '' }) },
    dispatcher: { nudge: async () => undefined, close: async () => undefined },
    users: createBuiltInUserDirectory(),
    clock: { now: () => Date.now() },
    log: { info: () => undefined, warn: () => undefined },
    readProjectZip: async () => ({ definition: aDefinition([]), errors: [], warnings: [] }),
    newSessionId: createSessionToken,
    limits: { ...DEFAULT_SERVICE_LIMITS, maxConcurrentRunsOneFlow: 1_000 },
    ...parts,
  };
}

/** A project with a flow `f` that comes after the flows `f` of the others, uploaded by the administrator. */
async function aProject(...after: readonly Project[]): Promise<Project> {
  const name = `project-${++projects}`;
  const project = (await stores.projects.create({ name, description: 'd', user: 'azkaban', at: 1 })) as Project;
  const contentHash = `hash-${name}`;
  await stores.projectFiles.write(
    contentHash,
    (async function* () {
      yield Buffer.from(name);
    })(),
  );
  await stores.projects.addVersion({
    projectId: project.id,
    uploadedAt: 1,
    uploadedBy: 'azkaban',
    fileName: 'x.zip',
    sizeBytes: 1,
    contentHash,
    flowIds: ['f'],
    definition: aDefinition([aFlow('f').job('j')]),
  });
  await stores.flowDependencies.replace(
    project.id,
    after.map((upstream) => ({ flowId: 'f', upstream: { project: upstream.name, flow: 'f' }, dataDriven: true })),
  );
  return (await stores.projects.findById(project.id)) as Project;
}

const RETRYING = { 'flow.retry.statuses': 'FAILED', 'flow.max.retries': '2' };

async function submit({ name }: Project, flowParameters: Readonly<Record<string, string>> = {}): Promise<number> {
  const options = someOptions({ concurrentOption: 'ignore', flowParameters });
  return (await services.executions.submit(ADMIN, { projectName: name, flowId: 'f', options })).execution.id;
}

/** Brings an execution to its end, as a worker would. */
async function finish(executionId: number, status: Status): Promise<void> {
  const claim = await journal.claim({ executionId, workerId: 'w' });
  if (claim.result !== 'claimed') throw new Error(`Execution ${executionId} cannot be claimed.`);
  await journal.commit({
    lease: claim.lease,
    sequence: 0,
    execution: { status, startedAt: 1, endedAt: 2, updatedAt: 2 },
    events: [],
    attempts: [],
    logChunks: [],
    handledRequestIds: [],
  });
}

async function handleAll(...by: readonly FollowUps[]): Promise<void> {
  await Promise.all(
    by.map(async (scheduler) => {
      while (await scheduler.handleNext());
    }),
  );
}

const ends = async (): Promise<readonly number[]> =>
  (await database.knex('execution_ends').select('execution_id').orderBy('execution_id')).map(
    (row: { execution_id: number }) => row.execution_id,
  );
const runsOf = ({ id }: Project): Promise<readonly Execution[]> =>
  stores.executions
    .listOfFlow({ projectId: id, flowId: 'f' }, { start: 0, length: 1_000 })
    .then((page) => page.executions);
const isClaimable = async (executionId: number): Promise<boolean> => {
  const claim = await journal.claim({ executionId, workerId: 'w' });
  if (claim.result === 'claimed') await journal.release(claim.lease, 'now');
  return claim.result === 'claimed';
};

describe('ends of executions in PostgreSQL', () => {
  it('are noted only where something may follow, and announced', async () => {
    const [plain, upstream] = [await aProject(), await aProject()];
    await aProject(upstream);
    let heard = 0;
    const stop = await onExecutionEnded(database.listener, () => heard++);
    const ended = {
      plain: await submit(plain),
      failed: await submit(plain),
      retried: await submit(plain, RETRYING),
      killed: await submit(plain, RETRYING),
      cancelled: await submit(plain, RETRYING),
      upstream: await submit(upstream),
      upstreamFailed: await submit(upstream),
    };
    await finish(ended.plain, 'SUCCEEDED');
    await finish(ended.failed, 'FAILED');
    await finish(ended.retried, 'FAILED');
    await finish(ended.killed, 'KILLED');
    // Somebody has asked for its end, and it has failed before its worker came to that.
    await stores.executions.addRequest({ executionId: ended.cancelled, kind: 'cancel', user: 'ann', at: 1 });
    await finish(ended.cancelled, 'FAILED');
    await finish(ended.upstream, 'SUCCEEDED');
    await finish(ended.upstreamFailed, 'FAILED');
    expect(await ends()).toEqual([ended.retried, ended.upstream]);
    await until(() => heard >= 2);
    await stop();
    await handleAll(schedulers[0]);
    expect(await ends()).toEqual([]);
  });

  it('are dealt with once each, by any number of schedulers at the same time', async () => {
    const [first, second] = [await aProject(), await aProject()];
    const after = await aProject(first);
    const failing = await Promise.all(
      Array.from({ length: 30 }, (_, index) => submit(index % 2 === 0 ? first : second, RETRYING)),
    );
    const succeeding = await Promise.all(Array.from({ length: 10 }, () => submit(first)));
    for (const id of failing) await finish(id, 'FAILED');
    for (const id of succeeding) await finish(id, 'SUCCEEDED');
    await handleAll(...schedulers, ...schedulers, ...schedulers);
    const retries = [...(await runsOf(first)), ...(await runsOf(second))].filter(({ source }) => source === 'retry');
    expect(retries.map(({ retryOf }) => retryOf).sort()).toEqual(failing.toSorted());
    expect(await runsOf(after)).toHaveLength(10);
    expect(await ends()).toEqual([]);
  });

  it('stay to be dealt with when the process dies before it has committed', async () => {
    const project = await aProject();
    const id = await submit(project, RETRYING);
    await finish(id, 'FAILED');
    const inner = new PostgresUnitOfWork(database.knex);
    let seen = 0;
    const dying: UnitOfWork = {
      transaction: (work) =>
        inner.transaction(async (inside) => {
          await work(inside);
          seen = (await inside.executions.listOfFlow({ projectId: project.id, flowId: 'f' }, { start: 0, length: 9 }))
            .total;
          throw new Error('the process dies');
        }),
    };
    const told: number[] = [];
    const dispatcher = {
      nudge: async (one: { executionId: number }) => void told.push(one.executionId),
      close: async () => undefined,
    };
    expect(await createFollowUps(dependencies({ unitOfWork: dying, dispatcher })).handleNext()).toBe(true);
    expect([seen, (await runsOf(project)).length, told]).toEqual([2, 1, []]);
    // Put off, so that a problem with one end does not hold up the others.
    expect(await ends()).toEqual([id]);
    expect(await schedulers[0].handleNext()).toBe(false);
    await database.knex('execution_ends').update({ due_at: database.knex.fn.now() });
    await handleAll(...schedulers);
    expect((await runsOf(project)).map(({ retryOf }) => retryOf)).toEqual([id, undefined]);
  });

  it('do not hold up others while somebody works on them', async () => {
    const project = await aProject();
    const [first, second] = [await submit(project, RETRYING), await submit(project, RETRYING)];
    await finish(first, 'FAILED');
    await finish(second, 'FAILED');
    await new PostgresUnitOfWork(database.knex).transaction(async (inside) => {
      expect(await inside.executionEnds.take()).toBe(first);
      expect(await stores.executionEnds.take()).toBe(second);
      expect(await stores.executionEnds.take()).toBeUndefined();
    });
  });
});

describe('flows after others in PostgreSQL', () => {
  it('start once when their last two upstreams end at the same time', async () => {
    for (let round = 0; round < 5; round++) {
      const [a, b] = [await aProject(), await aProject()];
      const after = await aProject(a, b);
      const ids = [await submit(a), await submit(b)];
      await Promise.all(ids.map((id) => finish(id, 'SUCCEEDED')));
      await handleAll(...schedulers);
      const lineage = expect.arrayContaining([`${a.name}/f`, `${b.name}/f`]);
      expect(await runsOf(after)).toMatchObject([{ source: 'event', lineage }]);
    }
  });

  it('remember the successes they have heard of, and forget what a later version does not come after', async () => {
    const [a, b, c] = [await aProject(), await aProject(), await aProject()];
    const after = await aProject(a, b, c);
    for (const upstream of [a, b]) await finish(await submit(upstream), 'SUCCEEDED');
    await handleAll(schedulers[0]);
    const dependency = (upstream: Project) => ({
      flowId: 'f',
      upstream: { project: upstream.name, flow: 'f' },
      dataDriven: true,
    });
    const replace = (...upstreams: readonly Project[]) =>
      new PostgresUnitOfWork(database.knex).transaction((inside) =>
        inside.flowDependencies.replace(after.id, upstreams.map(dependency)),
      );
    await replace(a, c);
    await replace(a, b, c);
    const heard = (await stores.flowDependencies.of(after.id, 'f')).map(({ succeededExecution }) => succeededExecution);
    expect(heard).toEqual([expect.any(Number), undefined, undefined]);
    await services.projects.remove(ADMIN, after.name);
    expect(await stores.flowDependencies.of(after.id, 'f')).toEqual([]);
  });
});

describe('plans in PostgreSQL', () => {
  const submitPlan = async (project: Project, flowParameters: Readonly<Record<string, string>> = {}) => {
    const flows = [{ projectName: project.name, flowId: 'f' }];
    const entries = await services.executions.submitChain(ADMIN, { flows, options: someOptions({ flowParameters }) });
    return entries.map(({ execution }) => execution?.id as number);
  };

  it('start each flow after those before it have succeeded, and none twice', async () => {
    const a = await aProject();
    const b = await aProject(a);
    const c = await aProject(b);
    const [first, second, third] = (await submitPlan(a)) as [number, number, number];
    for (const [now, later] of [
      [first, [second, third]],
      [second, [third]],
      [third, []],
    ] as const) {
      for (const id of later) expect(await isClaimable(id)).toBe(false);
      await finish(now, 'SUCCEEDED');
      await handleAll(...schedulers);
    }
    expect([(await runsOf(b)).length, (await runsOf(c)).length]).toEqual([1, 1]);
  });

  it('end with everything behind a failure, never started', async () => {
    const a = await aProject();
    const b = await aProject(a);
    await aProject(b);
    const [first, ...others] = await submitPlan(a);
    await finish(first as number, 'FAILED');
    for (const id of others) expect(await stores.executions.find(id)).toMatchObject({ status: 'KILLED', endedAt: 2 });
  });

  it('go on with the retry of an execution that has failed', async () => {
    const a = await aProject();
    const b = await aProject(a);
    const [first, second] = (await submitPlan(a, RETRYING)) as [number, number];
    await finish(first, 'FAILED');
    expect(await isClaimable(second)).toBe(false);
    await handleAll(...schedulers);
    const retry = (await runsOf(a))[0] as Execution;
    expect(retry).toMatchObject({ retryOf: first, planRoot: first });
    expect(await isClaimable(second)).toBe(false);
    await finish(retry.id, 'SUCCEEDED');
    await handleAll(...schedulers);
    expect(await isClaimable(second)).toBe(true);
    expect(await runsOf(b)).toHaveLength(1);
  });

  it('end when the retry they wait for is refused', async () => {
    const a = await aProject();
    await aProject(a);
    const [first, second] = (await submitPlan(a, RETRYING)) as [number, number];
    await finish(first, 'FAILED');
    await services.projects.setFlowLock(ADMIN, { projectName: a.name, flowId: 'f', isLocked: true, message: 'no' });
    await handleAll(...schedulers);
    expect((await stores.executions.find(second))?.status).toBe('KILLED');
    expect((await services.projects.events(ADMIN, a, { skip: 0, limit: 1 }))[0]).toMatchObject({
      type: 'ERROR',
      user: 'lockstep',
    });
  });

  it('are made by many at once without standing in each other’s way', async () => {
    const a = await aProject();
    const b = await aProject(a);
    const c = await aProject(a, b);
    const submitFrom = (...from: readonly Project[]) =>
      services.executions.submitChain(ADMIN, {
        flows: from.map(({ name }) => ({ projectName: name, flowId: 'f' })),
        options: someOptions({ concurrentOption: 'queue' }),
      });
    await Promise.all([
      submitFrom(a),
      submitFrom(c, b),
      submitFrom(b, c),
      submitFrom(b),
      submitFrom(c, a),
      submitFrom(a),
    ]);
    expect((await runsOf(c)).length).toBe(6);
  });
});
