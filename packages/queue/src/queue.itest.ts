import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createDispatcher, type ExecutionDispatcher } from './execution-dispatcher.js';
import { createExecutionWorker, type ExecutionWorker } from './execution-worker.js';
import { createMessageReceiver } from './message-receiver.js';
import type { QueueBackend } from './queue-backend.js';
import { createPostgresServer } from './test-support/postgres-server.js';
import { createRedisServer, isRedisInstalled } from './test-support/redis-server.js';
import type { TestServer } from './test-support/test-server.js';
import { until } from './test-support/until.js';

jest.setTimeout(90_000);

queueContract('PostgreSQL', createPostgresServer);
if (isRedisInstalled()) queueContract('Redis', createRedisServer);
else
  describe.skip('the queue on Redis (redis-server is not installed)', () => it('is not tested here', () => undefined));

/** What the queue promises, wherever it lives. */
function queueContract(name: string, createServer: () => Promise<TestServer>): void {
  describe(`the queue on ${name}`, () => {
    let server: TestServer;
    let nextId = 1;
    const opened: { close(): Promise<void> }[] = [];

    beforeAll(async () => {
      server = await createServer();
    });

    afterEach(async () => {
      await server.start();
      await Promise.all(opened.splice(0).map((each) => each.close()));
      await server.loseEverything();
    });

    afterAll(() => server.dispose());

    const newIds = (count: number): readonly number[] => Array.from({ length: count }, () => nextId++);

    function aDispatcher(): ExecutionDispatcher & { readonly errors: readonly Error[] } {
      const errors: Error[] = [];
      const dispatcher = createDispatcher({ backend: server.backend(), onError: (error) => errors.push(error) });
      opened.push(dispatcher);
      return { ...dispatcher, errors };
    }

    interface WatchedWorker extends ExecutionWorker {
      readonly errors: readonly Error[];
      /** Ids handed over, in order. */
      readonly handled: readonly number[];
      finish(executionId: number): void;
    }

    /** 'until-finished': an execution takes until the test calls `finish`. */
    function aWorker({
      concurrency = 10,
      lasting = 'no-time',
      backend = server.backend(),
      fail = () => undefined,
    }: {
      concurrency?: number;
      lasting?: 'no-time' | 'until-finished';
      backend?: QueueBackend;
      fail?: (executionId: number) => Error | undefined;
    } = {}): WatchedWorker {
      const errors: Error[] = [];
      const handled: number[] = [];
      const running: { readonly executionId: number; end(): void }[] = [];
      let closing = false;
      const worker = createExecutionWorker({
        backend,
        concurrency,
        onError: (error) => errors.push(error),
        handle: async (executionId) => {
          handled.push(executionId);
          const error = fail(executionId);
          if (error) throw error;
          if (lasting === 'until-finished' && !closing)
            await new Promise<void>((end) => running.push({ executionId, end }));
        },
      });
      const finish = (executionId: number): void => {
        running.find((each) => each.executionId === executionId)?.end();
      };
      opened.push({
        close: async () => {
          closing = true;
          const stopped = worker.stop();
          for (const { end } of running) end();
          await stopped;
        },
      });
      // Getters of the worker must stay getters.
      return Object.assign(Object.create(worker) as ExecutionWorker, { errors, handled, finish });
    }

    async function nudge(dispatcher: ExecutionDispatcher, ids: readonly number[]): Promise<void> {
      for (const executionId of ids) await dispatcher.nudge({ executionId, ticket: 0 });
    }

    it('hands a nudged execution to the worker', async () => {
      const [dispatcher, worker] = [aDispatcher(), aWorker()];
      worker.start();
      const [id = 0] = newIds(1);
      await nudge(dispatcher, [id]);
      await until('it is handled', () => worker.handled.length > 0);
      expect(worker.handled).toEqual([id]);
      expect([...worker.errors, ...dispatcher.errors]).toEqual([]);
    });

    it('hands over what was nudged before the worker started, the same execution once', async () => {
      const [dispatcher, worker] = [aDispatcher(), aWorker({ concurrency: 1 })];
      const [id = 0, last = 0] = newIds(2);
      await nudge(dispatcher, [id, id, id, last]);
      worker.start();
      await until('the last one is handled', () => worker.handled.includes(last));
      expect(worker.handled).toEqual([id, last]);
    });

    it('takes the same nudge again once the first has been handed over', async () => {
      const [dispatcher, worker] = [aDispatcher(), aWorker({ lasting: 'until-finished' })];
      worker.start();
      const [id = 0] = newIds(1);
      await nudge(dispatcher, [id]);
      await until('it is handled', () => worker.handled.length === 1);
      // One that meets its predecessor in the moment of removal is dropped.
      while (worker.handled.length < 2) await nudge(dispatcher, [id]);
      expect(worker.handled).toEqual([id, id]);
    });

    it('holds a slot until the execution ends, and leaves the rest to others', async () => {
      const dispatcher = aDispatcher();
      const [busy, other] = [aWorker({ concurrency: 2, lasting: 'until-finished' }), aWorker()];
      busy.start();
      const ids = newIds(5);
      await nudge(dispatcher, ids.slice(0, 2));
      await until('two are handled', () => busy.handled.length === 2);
      await nudge(dispatcher, ids.slice(2, 4));
      other.start();
      await until('the others are handled', () => other.handled.length === 2);
      expect(busy.handled).toEqual(ids.slice(0, 2));
      expect(busy.handling).toBe(2);

      await other.stop();
      await nudge(dispatcher, ids.slice(4));
      busy.finish(ids[0] ?? 0);
      await until('the freed slot is used', () => busy.handled.length === 3);
      expect(busy.handled).toEqual([ids[0], ids[1], ids[4]]);
    });

    it('follows a change of its concurrency', async () => {
      const [dispatcher, worker] = [aDispatcher(), aWorker({ concurrency: 0, lasting: 'until-finished' })];
      worker.start();
      const ids = newIds(4);
      await nudge(dispatcher, ids);
      expect(worker.handled).toEqual([]);
      worker.setConcurrency(3);
      await until('three are handled', () => worker.handled.length === 3);
      worker.setConcurrency(1);
      for (const id of ids.slice(0, 3)) worker.finish(id);
      await until('the fourth is handled', () => worker.handled.length === 4);
      expect(worker.handling).toBe(1);
    });

    it('hands over the highest priority first, then the oldest', async () => {
      const [dispatcher, worker] = [aDispatcher(), aWorker({ concurrency: 1 })];
      const [low = 0, first = 0, second = 0, high = 0] = newIds(4);
      await dispatcher.nudge({ executionId: low, ticket: 0, priority: -3 });
      await nudge(dispatcher, [first, second]);
      await dispatcher.nudge({ executionId: high, ticket: 0, priority: 7 });
      worker.start();
      await until('all are handled', () => worker.handled.length === 4);
      expect(worker.handled).toEqual([high, first, second, low]);
    });

    it('stops at once while the server is away', async () => {
      const [dispatcher, worker] = [aDispatcher(), aWorker()];
      worker.start();
      const [id = 0] = newIds(1);
      await nudge(dispatcher, [id]);
      await until('it is handled', () => worker.handled.length === 1);
      await server.stop();
      const started = performance.now();
      await Promise.all([worker.stop(), dispatcher.close()]);
      expect(performance.now() - started).toBeLessThan(10_000);
    });

    it('shares a burst among workers, each execution once', async () => {
      const [dispatcher, one, two] = [aDispatcher(), aWorker(), aWorker()];
      one.start();
      two.start();
      const ids = newIds(1_200);
      await dispatcher.nudgeMany(ids.map((executionId) => ({ executionId, ticket: 0 })));
      await until('all are handled', () => one.handled.length + two.handled.length >= ids.length);
      expect([...one.handled, ...two.handled].sort((a, b) => a - b)).toEqual(ids);
      expect([...one.errors, ...two.errors]).toEqual([]);
    });

    it('reports what the handler throws and goes on', async () => {
      const [broken = 0, fine = 0] = newIds(2);
      const dispatcher = aDispatcher();
      const worker = aWorker({ concurrency: 1, fail: (id) => (id === broken ? new Error('no database') : undefined) });
      worker.start();
      await nudge(dispatcher, [broken, fine]);
      await until('the other one is handled', () => worker.handled.includes(fine));
      expect(worker.errors.map((error) => error.message)).toEqual(['no database']);
    });

    it('takes nothing more when stopped, and need not wait for what runs', async () => {
      const [dispatcher, stopped, other] = [aDispatcher(), aWorker({ lasting: 'until-finished' }), aWorker()];
      stopped.start();
      const [running = 0, waiting = 0] = newIds(2);
      await nudge(dispatcher, [running]);
      await until('it is handled', () => stopped.handled.length === 1);
      await stopped.stop({ running: 'leave' });
      expect(stopped.handling).toBe(1);

      await nudge(dispatcher, [waiting]);
      other.start();
      await until('the other worker has it', () => other.handled.length === 1);
      expect(stopped.handled).toEqual([running]);
      expect(other.handled).toEqual([waiting]);
    });

    it('waits for what runs when asked to', async () => {
      const [dispatcher, worker] = [aDispatcher(), aWorker({ lasting: 'until-finished' })];
      worker.start();
      const [id = 0] = newIds(1);
      await nudge(dispatcher, [id]);
      await until('it is handled', () => worker.handled.length === 1);
      let ended = false;
      const stopping = worker.stop({ running: 'wait' }).then(() => (ended = true));
      await worker.stop({ running: 'leave' });
      expect(ended).toBe(false);
      worker.finish(id);
      await stopping;
      expect(worker.handling).toBe(0);
    });

    it('gives the message of a worker that died in the moment of taking it to another, and no running one twice', async () => {
      const backend = server.backend({ staleAfterMs: 300 });
      const [dispatcher, long] = [aDispatcher(), aWorker({ backend, lasting: 'until-finished' })];
      const [running = 0, orphaned = 0] = newIds(2);
      long.start();
      await nudge(dispatcher, [running]);
      await until('the long one is handled', () => long.handled.length === 1);
      await long.stop({ running: 'leave' });

      await nudge(dispatcher, [orphaned]);
      const dying = createMessageReceiver({ backend, onError: () => undefined });
      expect((await dying.next())?.executionId).toBe(orphaned);
      await dying.close();

      const heir = aWorker({ backend });
      heir.start();
      await until('the heir has it', () => heir.handled.length > 0);
      expect(heir.handled).toEqual([orphaned]);
      expect(long.handling).toBe(1);
    });

    it('survives a restart of the server: nudges fail quietly meanwhile, running executions go on', async () => {
      const [dispatcher, worker] = [aDispatcher(), aWorker({ lasting: 'until-finished' })];
      worker.start();
      const [before = 0, meanwhile = 0, after = 0] = newIds(3);
      await nudge(dispatcher, [before]);
      await until('it is handled', () => worker.handled.length === 1);

      await server.stop();
      await until('the worker has noticed', () => worker.errors.length > 0);
      await dispatcher.nudge({ executionId: meanwhile, ticket: 0 });
      expect(dispatcher.errors.map((error) => error.message)).toContainEqual(
        expect.stringContaining(`Execution ${meanwhile} could not be nudged and will be by the next sweep: `),
      );
      await server.start();

      await nudge(dispatcher, [after]);
      await until('what is nudged afterwards is handled', () => worker.handled.includes(after));
      expect(worker.handling).toBe(worker.handled.length);
    });

    it('begins to work when the server comes up later than the worker and the dispatcher', async () => {
      await server.stop();
      const [dispatcher, worker] = [aDispatcher(), aWorker()];
      worker.start();
      const [lost = 0, id = 0] = newIds(2);
      await nudge(dispatcher, [lost]);
      await until('both have noticed', () => worker.errors.length > 0 && dispatcher.errors.length > 0);
      await server.start();
      await nudge(dispatcher, [id]);
      await until('it is handled', () => worker.handled.includes(id));
    });

    it('goes on after all its messages were deleted behind its back', async () => {
      const [dispatcher, worker] = [aDispatcher(), aWorker({ concurrency: 1, lasting: 'until-finished' })];
      worker.start();
      const [running = 0, lost = 0, after = 0] = newIds(3);
      await nudge(dispatcher, [running]);
      await until('it is handled', () => worker.handled.length === 1);
      await nudge(dispatcher, [lost]);
      await server.loseEverything();
      worker.finish(running);
      await nudge(dispatcher, [after]);
      await until('what is nudged afterwards is handled', () => worker.handled.includes(after));
      expect(worker.handled).toEqual([running, after]);
    });
  });
}
