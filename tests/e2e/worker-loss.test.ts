import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { cloneTestDatabase, type TestDatabase } from '@lockstep/testing';
import { nodeOf, statusesOf, type AzkabanClient } from '../support/azkaban-client.js';
import { openLab, type Lab, type StartedServer, type WitnessLine } from '../support/lab.js';
import { isAlive } from '../support/processes.js';
import { isRedisInstalled, startRedis, type RedisServer } from '../support/redis-server.js';
import { waitUntil } from '../support/wait-until.js';

jest.setTimeout(240_000);

const withRedis = isRedisInstalled();
if (!withRedis) console.warn('The half of these tests that needs Redis is skipped: there is no redis-server here.');

const LEVELS = ['a', 'b', 'c'];
const JOBS = [...LEVELS.flatMap((level) => [1, 2, 3].map((n) => `${level}${n}`)), 'end'];

/** Three levels of three jobs, each after all of the level above, and an end. The middle level waits at a gate. */
const LEVELLED = {
  ...Object.fromEntries(
    LEVELS.flatMap((level, depth) =>
      [1, 2, 3].map((n) => [
        `${level}${n}.job`,
        {
          type: 'command',
          command: `sh step.sh ${level}${n} \${azkaban.job.attempt} ${level}`,
          retries: 2,
          ...(depth > 0 && { dependencies: [1, 2, 3].map((each) => `${LEVELS[depth - 1]}${each}`).join(',') }),
        },
      ]),
    ),
  ),
  'end.job': {
    type: 'command',
    command: 'sh step.sh end ${azkaban.job.attempt} end',
    retries: 2,
    dependencies: 'c1,c2,c3',
  },
  'step.sh': `. "$LAB/lab.sh"
witness start "$1" "$2"
[ "$2" = 0 ] || check_alone "$1" "$2"
[ "$3" != b ] || await_gate "$GATE"
echo OUT "$1" "$2"
witness end "$1" "$2"
`,
  'gate.properties': 'env.GATE=${gate}\ngate=open\n',
};

/** docker-compose.yml by hand: a PostgreSQL of its own, one process for HTTP and scheduling, two workers. */
describe.each([
  ['Redis', withRedis],
  ['PostgreSQL', true],
] as const)('two workers on a queue in %s', (queue, isPossible) => {
  if (!isPossible) return void it.skip('needs redis-server', () => undefined);

  let lab: Lab;
  let database: TestDatabase;
  let redis: RedisServer | undefined;
  let settings: Record<string, string>;
  let workers: StartedServer[] = [];
  let workerNumber = 0;
  let azkaban: AzkabanClient;

  beforeAll(async () => {
    lab = openLab('loss');
    database = await cloneTestDatabase();
    redis = queue === 'Redis' ? await startRedis() : undefined;
    settings = {
      LOCKSTEP_DATABASE_URL: database.connectionString,
      ...(redis && { LOCKSTEP_REDIS_URL: redis.url }),
      LOCKSTEP_HEARTBEAT: '500ms',
      LOCKSTEP_LEASE: '4s',
      LOCKSTEP_KILL_GRACE: '500ms',
    };
    const web = await lab.start({
      ...settings,
      LOCKSTEP_ROLES: 'web,scheduler',
      LOCKSTEP_DATA_DIR: join(lab.folder, 'web'),
    });
    azkaban = await web.logIn();
    await azkaban.deploy('levelled', LEVELLED);
  });
  beforeEach(async () => {
    lab.clearWitness();
    workers = [await startWorker(), await startWorker()];
  });
  afterEach(async () => {
    for (const worker of workers.filter(({ child }) => child.exitCode === null && child.signalCode === null)) {
      expect(await worker.stop()).toBe(0);
    }
  });
  afterAll(async () => {
    try {
      await lab.close();
    } finally {
      await redis?.stop();
      await database.drop();
    }
  });

  const startWorker = (more: Record<string, string> = {}) =>
    lab.start({
      ...settings,
      LOCKSTEP_ROLES: 'worker',
      LOCKSTEP_DATA_DIR: join(lab.folder, `worker${(workerNumber += 1)}`),
      ...more,
    });

  /** Submits the flow and waits until the middle level runs. */
  async function runToTheMiddle(gate: string) {
    const execid = await azkaban.execute('levelled', 'end', { 'flowOverride[gate]': gate });
    const held = await startedAttempts(0);
    const [holder, other] = workers.toSorted((one) => (one.id === held[0]?.server ? -1 : 1)) as [
      StartedServer,
      StartedServer,
    ];
    expect(held.map(({ server }) => server)).toEqual([holder.id, holder.id, holder.id]);
    return { execid, held, holder, other };
  }

  const startedAttempts = (attempt: number) =>
    waitUntil(`attempt ${attempt} of the middle level runs`, () => {
      const lines = lab.witnessed('start').filter((line) => line.job.startsWith('b') && line.attempt === attempt);
      return lines.length === 3 ? lines : undefined;
    });

  function expectEachAttemptOnce(): void {
    const starts = lab.witnessed('start').map(attemptName);
    expect(starts).toEqual([...new Set(starts)]);
    expect([...starts].sort()).toEqual([...JOBS.map((job) => `${job} 0`), 'b1 1', 'b2 1', 'b3 1'].sort());
    expect(lab.witnessed('overlap')).toEqual([]);
  }

  async function expectFinishedOnSecondAttempt(execid: number, finisher: StartedServer): Promise<void> {
    const view = await azkaban.finished(execid);
    expect([view.status, statusesOf(view)]).toEqual([
      'SUCCEEDED',
      Object.fromEntries(JOBS.map((job) => [job, 'SUCCEEDED'])),
    ]);
    for (const job of ['b1', 'b2', 'b3']) {
      expect(nodeOf(view, job)).toMatchObject({ attempt: 1, pastAttempts: [{ attempt: 0, status: 'FAILED' }] });
      expect(await azkaban.wholeJobLog(execid, job)).toContain(`OUT ${job} 1\n`);
    }
    expect(
      new Set(
        lab
          .witnessed('end')
          .filter(({ job }) => !job.startsWith('a'))
          .map(({ server }) => server),
      ),
    ).toEqual(new Set([finisher.id]));
    expectEachAttemptOnce();
  }

  it('finish on the other worker what a killed one was running', async () => {
    const { execid, held, holder, other } = await runToTheMiddle('killed');
    await holder.crash();
    const retried = await startedAttempts(1);
    expect(held.map(({ pid }) => isAlive(pid))).toEqual([false, false, false]);
    expect(retried.map(({ server }) => server)).toEqual([other.id, other.id, other.id]);
    lab.openGate('killed');
    await expectFinishedOnSecondAttempt(execid, other);
  });

  it('finish on the other worker what a stopped one was running, and the stopped one does no harm when it wakes', async () => {
    const { execid, held, holder, other } = await runToTheMiddle('frozen');
    holder.child.kill('SIGSTOP');
    await startedAttempts(1);
    expect(held.map(({ pid }) => isAlive(pid))).toEqual([false, false, false]);
    const logBefore = await azkaban.wholeJobLog(execid, 'b1', { attempt: 0 });
    holder.child.kill('SIGCONT');
    await waitUntil('it notices that it was given up', () => holder.stderr().includes('has lost its lease'));
    lab.openGate('frozen');
    await expectFinishedOnSecondAttempt(execid, other);
    expect(await azkaban.wholeJobLog(execid, 'b1', { attempt: 0 })).toBe(logBefore);

    // It lives on as a new worker: alone, it takes the next execution.
    expect(await other.stop()).toBe(0);
    lab.clearWitness();
    expect((await azkaban.run('levelled', 'end', { 'flowOverride[gate]': 'frozen' })).status).toBe('SUCCEEDED');
    expect(new Set(lab.witnessed('start').map(({ server }) => server))).toEqual(new Set([holder.id]));
  });

  it('hand over what runs when a worker is stopped in order', async () => {
    const { execid, held, holder, other } = await runToTheMiddle('handed');
    expect(await holder.stop()).toBe(0);
    expect(held.map(({ pid }) => isAlive(pid))).toEqual([false, false, false]);
    await startedAttempts(1);
    lab.openGate('handed');
    await expectFinishedOnSecondAttempt(execid, other);
  });

  it('run everything once although the queue loses all its messages', async () => {
    for (const worker of workers) await worker.stop();
    workers = [await startWorker({ LOCKSTEP_WORKER_FLOWS: '1' }), await startWorker({ LOCKSTEP_WORKER_FLOWS: '1' })];
    await azkaban.deploy('single', {
      'one.job': { type: 'command', command: 'sh one.sh ${azkaban.flow.execid}' },
      'one.sh': '. "$LAB/lab.sh"; witness start "$1" 0; await_gate flushed; witness end "$1" 0\n',
    });
    const execids: number[] = [];
    for (let n = 0; n < 6; n += 1) execids.push(await azkaban.execute('single', 'one', { concurrentOption: 'ignore' }));
    await waitUntil('both workers are busy', () => lab.witnessed('start').length === 2);
    await loseMessages();
    lab.openGate('flushed');
    for (const execid of execids) expect((await azkaban.finished(execid)).status).toBe('SUCCEEDED');
    const ended = lab.witnessed('end').map(({ job }) => Number(job));
    expect(ended.toSorted((one, other) => one - other)).toEqual(execids);
    expect(lab.witnessed('start')).toHaveLength(execids.length);
  });

  async function loseMessages(): Promise<void> {
    if (redis) expect(await redis.command('FLUSHALL')).toBe('+OK');
    else await database.knex.raw('truncate lockstep_queue.job cascade');
  }
});

function attemptName({ job, attempt }: WitnessLine): string {
  return `${job} ${attempt}`;
}
