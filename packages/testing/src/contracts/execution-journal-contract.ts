import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type {
  AttemptRecord,
  ClaimResult,
  ExecutionCommit,
  ExecutionEvent,
  ExecutionJournal,
  ExecutionStore,
  Lease,
  LogChunks,
} from '@lockstep/domain';
import { anExecution } from '../builders/an-execution.js';
import { until } from '../until.js';

/** A journal and what stands around it. */
export interface JournalWorld {
  readonly journal: ExecutionJournal;
  readonly executions: ExecutionStore;
  readonly logChunks: LogChunks;
  /** The id of a project executions may belong to. */
  readonly projectId: number;
  startWorker(id: string): Promise<void>;
  /** Its heartbeat runs out. */
  loseWorker(id: string): Promise<void>;
  close(): Promise<void>;
}

const STARTED = { type: 'execution.started', at: 10 } as const satisfies ExecutionEvent;
const FINISHED = {
  type: 'node.finished',
  at: 20,
  node: 1,
  attempt: 0,
  result: 'succeeded',
} as const satisfies ExecutionEvent;

/** What every `ExecutionJournal` promises. */
export function executionJournalContract(name: string, open: () => Promise<JournalWorld>): void {
  describe(`${name}, as an execution journal`, () => {
    let world: JournalWorld;
    let worker: string;
    let other: string;
    let runs = 0;

    beforeAll(async () => {
      world = await open();
    });
    afterAll(() => world.close());
    beforeEach(async () => {
      runs += 1;
      [worker, other] = [`worker-${runs}`, `other-${runs}`];
      await world.startWorker(worker);
      await world.startWorker(other);
    });

    const submit = () => world.executions.insert(anExecution({ projectId: world.projectId }));

    async function claimed(executionId: number, workerId = worker): Promise<ClaimResult & { result: 'claimed' }> {
      const claim = await world.journal.claim({ executionId, workerId });
      if (claim.result !== 'claimed') throw new Error(`Execution ${executionId} was not claimable.`);
      return claim;
    }

    const commit = (lease: Lease, sequence: number, but: Partial<ExecutionCommit> = {}) =>
      world.journal.commit({ ...aCommit(lease, sequence), ...but });

    it('hands a new execution to the first worker that claims it, without events', async () => {
      const id = await submit();
      const claim = await claimed(id);
      expect(claim).toMatchObject({ lease: { executionId: id, workerId: worker, ticket: 1 }, events: [], sequence: 0 });
      expect(claim.execution).toEqual(await world.executions.find(id));
    });

    it('gives an execution to one of many workers that claim it at once', async () => {
      const id = await submit();
      const claims = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          world.journal.claim({ executionId: id, workerId: index % 2 ? worker : other }),
        ),
      );
      expect(claims.filter(({ result }) => result === 'claimed')).toHaveLength(1);
    });

    it('refuses a claim of an unknown execution, of one a living worker holds, and of one that has ended', async () => {
      const id = await submit();
      const refused = { result: 'not-claimable' };
      expect(await world.journal.claim({ executionId: 999_999_999, workerId: worker })).toEqual(refused);
      const { lease } = await claimed(id);
      expect(await world.journal.claim({ executionId: id, workerId: other })).toEqual(refused);
      expect(await world.journal.claim({ executionId: id, workerId: worker })).toEqual(refused);
      await commit(lease, 0, { execution: { status: 'SUCCEEDED', startedAt: 1, endedAt: 2, updatedAt: 2 } });
      expect(await world.journal.claim({ executionId: id, workerId: worker })).toEqual(refused);
    });

    it('refuses a claim by a worker that is dead itself', async () => {
      const id = await submit();
      await world.loseWorker(worker);
      const claims = [worker, worker].map((workerId) => world.journal.claim({ executionId: id, workerId }));
      await Promise.all(claims);
      expect((await world.journal.claim({ executionId: id, workerId: other })).result).toBe('claimed');
    });

    it('hands the execution of a dead worker to another one, with everything that has happened, in order', async () => {
      const id = await submit();
      const { lease } = await claimed(id);
      await commit(lease, 0, { events: [STARTED] });
      await commit(lease, 1, { events: [FINISHED, { ...FINISHED, node: 2 }] });
      await world.loseWorker(worker);
      const claim = await claimed(id, other);
      expect(claim.lease.ticket).toBe(2);
      expect(claim.sequence).toBe(2);
      expect(claim.events).toEqual([STARTED, FINISHED, { ...FINISHED, node: 2 }]);
    });

    it('fences the worker that lost its lease: nothing of its commit is written', async () => {
      const id = await submit();
      const { lease } = await claimed(id);
      await world.loseWorker(worker);
      await claimed(id, other);
      const late = await commit(lease, 0, { attempts: [anAttempt()], logChunks: [chunk(0, 'late')] });
      expect(late).toBe('fenced');
      expect(await world.executions.attemptsOf(id)).toEqual([]);
      expect(await world.logChunks.size({ executionId: id, nestedId: 'job', attempt: 0 })).toBe(0);
      expect((await world.executions.find(id))?.status).toBe('PREPARING');
    });

    it('fences a commit for an execution that does not exist', async () => {
      expect(await commit({ executionId: 999_999_999, workerId: worker, ticket: 1 }, 0)).toBe('fenced');
    });

    it('writes events, attempts, log bytes and the state of the execution together', async () => {
      const id = await submit();
      const { lease } = await claimed(id);
      const attempt = anAttempt({
        status: 'SUCCEEDED',
        startedAt: 3,
        endedAt: 4,
        updatedAt: 5,
        outputs: { rows: '7' },
      });
      await commit(lease, 0, {
        execution: { status: 'RUNNING', startedAt: 2, updatedAt: 6, modifiedBy: 'bob' },
        attempts: [attempt],
        logChunks: [chunk(0, 'hel'), chunk(3, 'lo')],
      });
      expect(await world.executions.attemptsOf(id)).toEqual([attempt]);
      expect(await world.executions.find(id)).toMatchObject({
        status: 'RUNNING',
        startedAt: 2,
        updatedAt: 6,
        modifiedBy: 'bob',
      });
      const log = { executionId: id, nestedId: 'job', attempt: 0 };
      expect(Buffer.from(await world.logChunks.read(log, { offset: 0, length: 100 })).toString()).toBe('hello');
    });

    it('overwrites an attempt that is written again, and keeps the others', async () => {
      const id = await submit();
      const { lease } = await claimed(id);
      const [first, retry] = [anAttempt({ startedAt: 1 }), anAttempt({ attempt: 1 })];
      await commit(lease, 0, { attempts: [first, anAttempt({ nestedId: 'a:b' })] });
      const failed = { ...first, status: 'FAILED', endedAt: 9, updatedAt: 9 } as const;
      await commit(lease, 1, { attempts: [failed, retry] });
      expect(await world.executions.attemptsOf(id)).toEqual([anAttempt({ nestedId: 'a:b' }), failed, retry]);
    });

    it('takes the last of several records of one attempt in one commit', async () => {
      const id = await submit();
      const { lease } = await claimed(id);
      await commit(lease, 0, { attempts: [anAttempt(), anAttempt({ status: 'FAILED' })] });
      expect(await world.executions.attemptsOf(id)).toEqual([anAttempt({ status: 'FAILED' })]);
    });

    it('stores thousands of attempts in one commit', async () => {
      const id = await submit();
      const { lease } = await claimed(id);
      const attempts = Array.from({ length: 5_000 }, (_, index) => anAttempt({ nestedId: `job-${index}` }));
      await commit(lease, 0, { attempts });
      expect(await world.executions.attemptsOf(id)).toHaveLength(5_000);
    });

    it.each(['ünïcode "quoted" \\ {braces}, NULL', 'a NUL \u0000 inside', 'half a pair \ud800', ''])(
      'keeps the output %j exactly',
      async (value) => {
        const id = await submit();
        const { lease } = await claimed(id);
        const events = [{ ...FINISHED, outputs: { value } }];
        const attempt = anAttempt({ status: 'SUCCEEDED', outputs: { value } });
        await commit(lease, 0, { events, attempts: [attempt] });
        await world.journal.release(lease, 'now');
        expect((await claimed(id)).events).toEqual(events);
        expect(await world.executions.attemptsOf(id)).toEqual([attempt]);
      },
    );

    it('answers a repeated commit as it did the first time, and writes it once', async () => {
      const id = await submit();
      const { lease } = await claimed(id);
      expect(await commit(lease, 0, { events: [STARTED] })).toBe('committed');
      expect(await commit(lease, 0, { events: [STARTED] })).toBe('committed');
      await world.journal.release(lease, 'now');
      expect((await claimed(id)).events).toEqual([STARTED]);
    });

    it('answers a repeated final commit as it did the first time, although the lease is gone', async () => {
      const id = await submit();
      const { lease } = await claimed(id);
      const final = { execution: { status: 'FAILED', startedAt: 1, endedAt: 2, updatedAt: 2 } } as const;
      expect(await commit(lease, 0, final)).toBe('committed');
      expect(await commit(lease, 0, final)).toBe('committed');
      expect(await commit(lease, 1)).toBe('fenced');
    });

    it('refuses a commit that skips one', async () => {
      const { lease } = await claimed(await submit());
      await expect(commit(lease, 1)).rejects.toThrow('out of order; the next one is 0');
    });

    it('keeps the start once it is known, and takes the end away when an execution goes on', async () => {
      const id = await submit();
      const { lease } = await claimed(id);
      await commit(lease, 0, { execution: { status: 'RUNNING', startedAt: 5, endedAt: 6, updatedAt: 6 } });
      await commit(lease, 1, { execution: { status: 'RUNNING', updatedAt: 7 } });
      const execution = await world.executions.find(id);
      expect(execution?.startedAt).toBe(5);
      expect(execution?.endedAt).toBeUndefined();
    });

    it('lets another worker claim a released execution at once, and fences the one that released it', async () => {
      const id = await submit();
      const { lease } = await claimed(id);
      await commit(lease, 0);
      await world.journal.release(lease, 'now');
      expect(await commit(lease, 1)).toBe('fenced');
      expect((await claimed(id, other)).lease.ticket).toBe(2);
      await world.journal.release(lease, 'now');
      expect((await world.journal.claim({ executionId: id, workerId: worker })).result).toBe('not-claimable');
    });

    it('shows requests oldest first until a commit has answered them', async () => {
      const id = await submit();
      const { lease } = await claimed(id);
      for (const kind of ['pause', 'resume', 'cancel'] as const) {
        await world.executions.addRequest({ executionId: id, kind, user: 'ann', at: 5 });
      }
      const requests = await world.journal.pendingRequests(id);
      expect(requests.map(({ kind }) => kind)).toEqual(['pause', 'resume', 'cancel']);
      expect(requests[0]).toMatchObject({ executionId: id, user: 'ann', at: 5 });
      await commit(lease, 0, { handledRequestIds: requests.slice(0, 2).map((request) => request.id) });
      expect(await world.journal.pendingRequests(id)).toEqual(requests.slice(2));
    });

    it('empties the inbox of an execution that ends', async () => {
      const id = await submit();
      const { lease } = await claimed(id);
      await world.executions.addRequest({ executionId: id, kind: 'cancel', user: 'ann', at: 5 });
      await commit(lease, 0, { execution: { status: 'SUCCEEDED', endedAt: 2, updatedAt: 2 } });
      expect(await world.journal.pendingRequests(id)).toEqual([]);
    });

    it('calls back when an execution gets a request, until told to stop', async () => {
      const [id, second] = [await submit(), await submit()];
      const heard: number[] = [];
      const stop = await world.journal.onRequest((executionId) => heard.push(executionId));
      await world.executions.addRequest({ executionId: id, kind: 'pause', user: 'ann', at: 5 });
      await until(() => heard.includes(id));
      await stop();
      const last: number[] = [];
      const stopLast = await world.journal.onRequest((executionId) => last.push(executionId));
      await world.executions.addRequest({ executionId: second, kind: 'pause', user: 'ann', at: 5 });
      await until(() => last.includes(second));
      await stopLast();
      expect(heard).not.toContain(second);
    });

    it('kills an execution nobody has taken, and only such a one', async () => {
      const [untouched, taken] = [await submit(), await submit()];
      await claimed(taken);
      expect(await world.executions.killUnstarted(untouched, { user: 'bob', at: 50 })).toBe(true);
      expect(await world.executions.killUnstarted(untouched, { user: 'bob', at: 60 })).toBe(false);
      expect(await world.executions.killUnstarted(taken, { user: 'bob', at: 50 })).toBe(false);
      expect(await world.executions.find(untouched)).toMatchObject({
        status: 'KILLED',
        endedAt: 50,
        modifiedBy: 'bob',
      });
      expect((await world.journal.claim({ executionId: untouched, workerId: worker })).result).toBe('not-claimable');
    });
  });
}

function aCommit(lease: Lease, sequence: number): ExecutionCommit {
  return {
    lease,
    sequence,
    events: [],
    execution: { status: 'RUNNING', updatedAt: 1 },
    attempts: [],
    logChunks: [],
    handledRequestIds: [],
  };
}

function anAttempt(but: Partial<AttemptRecord> = {}): AttemptRecord {
  return { nestedId: 'job', attempt: 0, status: 'RUNNING', updatedAt: 1, ...but };
}

function chunk(startByte: number, text: string) {
  return { nestedId: 'job', attempt: 0, startByte, bytes: Buffer.from(text) };
}
