import { existsSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { statusesOf, type AzkabanClient } from '../support/azkaban-client.js';
import { openLab, type Lab, type StartedServer } from '../support/lab.js';
import { isAlive } from '../support/processes.js';
import { waitUntil } from '../support/wait-until.js';

jest.setTimeout(180_000);

const GATED = '. "$LAB/lab.sh"; witness start $1 0; await_gate $2; witness end $1 0\n';

describe('stopping executions over HTTP', () => {
  let lab: Lab;
  let web: StartedServer;
  let worker: StartedServer;
  let azkaban: AzkabanClient;

  beforeAll(async () => {
    lab = openLab('cancel');
    web = await lab.start({ LOCKSTEP_ROLES: 'web,scheduler' });
    worker = await startWorker();
    azkaban = await web.logIn();
  });
  afterAll(async () => lab.close());
  beforeEach(() => lab.clearWitness());

  const startWorker = () => lab.start({ LOCKSTEP_ROLES: 'worker', LOCKSTEP_KILL_GRACE: '300ms' });
  const act = (ajax: string, execid: number) => azkaban.ajax('/executor', { ajax, execid });
  const started = (job: string) =>
    waitUntil(`job ${job} has started`, () => lab.witnessed('start').find((line) => line.job === job));

  it('kills a job that ignores SIGTERM, and ends the rest of the flow as cancelled', async () => {
    await azkaban.deploy('stubborn', {
      'stubborn.job': { type: 'command', command: 'sh stubborn.sh' },
      'stubborn.sh': `trap "" TERM; . "$LAB/lab.sh"; witness start stubborn 0; await_gate never; witness end stubborn 0\n`,
      'after.job': { type: 'noop', dependencies: 'stubborn' },
    });
    const execid = await azkaban.execute('stubborn', 'after');
    const { pid } = await started('stubborn');
    expect(await act('cancelFlow', execid)).toEqual({});
    const view = await azkaban.finished(execid);
    expect(view.status).toBe('KILLED');
    expect(statusesOf(view)).toEqual({ stubborn: 'KILLED', after: 'CANCELLED' });
    expect(isAlive(pid)).toBe(false);
    expect(lab.witnessed('end')).toEqual([]);
  });

  it('kills what a job has started in a session of its own', async () => {
    await azkaban.deploy('daemons', {
      'daemons.job': { type: 'command', command: 'sh daemons.sh' },
      'daemons.sh': `. "$LAB/lab.sh"
setsid sh -c 'trap "" TERM HUP; . "$LAB/lab.sh"; witness start grandchild 0; await_gate never' &
(setsid sh -c '. "$LAB/lab.sh"; witness start orphan 0; await_gate never' &)
witness start daemons 0
await_gate never
`,
    });
    const execid = await azkaban.execute('daemons', 'daemons');
    const pids = [];
    for (const job of ['daemons', 'grandchild', 'orphan']) pids.push((await started(job)).pid);
    expect(pids.map(isAlive)).toEqual([true, true, true]);
    expect(await act('cancelFlow', execid)).toEqual({});
    expect((await azkaban.finished(execid)).status).toBe('KILLED');
    expect(pids.map(isAlive)).toEqual([false, false, false]);
  });

  it('may be asked twice, and says afterwards that the execution is not running', async () => {
    await azkaban.deploy('twice', {
      'wait.job': { type: 'command', command: 'sh gated.sh wait never' },
      'gated.sh': GATED,
    });
    const execid = await azkaban.execute('twice', 'wait');
    await started('wait');
    const [first, second] = await Promise.all([act('cancelFlow', execid), act('cancelFlow', execid)]);
    expect([first, second]).toContainEqual({});
    expect((await azkaban.finished(execid)).status).toBe('KILLED');
    expect(await act('cancelFlow', execid)).toEqual({ error: `Execution ${execid} of flow wait isn't running.` });
    expect((await azkaban.execution(execid)).status).toBe('KILLED');
  });

  it.each(['cancelFlow', 'pauseFlow'])('refuses %s for an execution that has succeeded', async (ajax) => {
    const project = `finished-${ajax}`;
    await azkaban.deploy(project, { 'quick.job': { type: 'noop' } });
    const { execid, status } = await azkaban.run(project, 'quick');
    expect(status).toBe('SUCCEEDED');
    expect(await act(ajax, execid)).toEqual({ error: `Execution ${execid} of flow quick isn't running.` });
    expect((await azkaban.execution(execid)).status).toBe('SUCCEEDED');
  });

  it('wins over retries and over a failure that counts as success', async () => {
    await azkaban.deploy('winning', {
      'wait.job': { type: 'command', command: 'sh gated.sh wait never', retries: 5, 'job.succeed.on.failure': 'true' },
      'gated.sh': GATED,
    });
    const execid = await azkaban.execute('winning', 'wait');
    await started('wait');
    await act('cancelFlow', execid);
    const view = await azkaban.finished(execid);
    expect([view.status, statusesOf(view)]).toEqual(['KILLED', { wait: 'KILLED' }]);
    expect(lab.witnessed('start')).toHaveLength(1);
  });

  it('ends a wait for a retry at once', async () => {
    await azkaban.deploy('backoff', {
      'fails.job': { type: 'command', command: 'sh fails.sh', retries: 1, 'retry.backoff': 3_600_000 },
      'fails.sh': '. "$LAB/lab.sh"; witness start fails 0; exit 1\n',
    });
    const execid = await azkaban.execute('backoff', 'fails');
    await waitUntil('the first attempt is over', async () => {
      const [node] = (await azkaban.execution(execid)).nodes;
      return node?.pastAttempts?.length === 1;
    });
    await act('cancelFlow', execid);
    expect((await azkaban.finished(execid)).status).toBe('KILLED');
    expect(lab.witnessed('start')).toHaveLength(1);
  });

  it('lets running jobs of a paused flow end, starts no others, and goes on after resume', async () => {
    await azkaban.deploy('pausing', {
      'one.job': { type: 'command', command: 'sh gated.sh one pause-one' },
      'two.job': { type: 'command', command: 'sh gated.sh two pause-two', dependencies: 'one' },
      'gated.sh': GATED,
    });
    const execid = await azkaban.execute('pausing', 'two');
    await started('one');
    expect(await act('pauseFlow', execid)).toEqual({});
    await waitUntil('the execution is paused', async () => (await azkaban.execution(execid)).status === 'PAUSED');
    expect(await act('pauseFlow', execid)).toEqual({});
    lab.openGate('pause-one');
    lab.openGate('pause-two');
    await waitUntil('the running job has ended', () => lab.witnessed('end').length === 1);
    // Nothing tells that something will not happen; what can be seen is that it has not, and that resume makes it happen.
    expect((await azkaban.execution(execid)).status).toBe('PAUSED');
    expect(lab.witnessed('start').map(({ job }) => job)).toEqual(['one']);
    expect(await act('resumeFlow', execid)).toEqual({});
    const view = await azkaban.finished(execid);
    expect([view.status, statusesOf(view)]).toEqual(['SUCCEEDED', { one: 'SUCCEEDED', two: 'SUCCEEDED' }]);
  });

  it('kills a paused flow', async () => {
    await azkaban.deploy('paused', {
      'one.job': { type: 'command', command: 'sh gated.sh one never' },
      'gated.sh': GATED,
    });
    const execid = await azkaban.execute('paused', 'one');
    const { pid } = await started('one');
    await act('pauseFlow', execid);
    await waitUntil('the execution is paused', async () => (await azkaban.execution(execid)).status === 'PAUSED');
    expect(await act('cancelFlow', execid)).toEqual({});
    expect((await azkaban.finished(execid)).status).toBe('KILLED');
    expect(isAlive(pid)).toBe(false);
  });

  it('kills an execution no worker has taken yet, its jobs untouched', async () => {
    await azkaban.deploy('queued', {
      'one.job': { type: 'command', command: 'sh gated.sh one never' },
      'two.job': { type: 'noop', dependencies: 'one' },
      'gated.sh': GATED,
    });
    expect(await worker.stop()).toBe(0);
    const execid = await azkaban.execute('queued', 'two');
    expect((await azkaban.execution(execid)).status).toBe('PREPARING');
    expect(await act('cancelFlow', execid)).toEqual({});
    const view = await azkaban.execution(execid);
    expect([view.status, statusesOf(view)]).toEqual(['KILLED', { one: 'READY', two: 'READY' }]);

    // A worker that comes now leaves it alone, and takes the next one.
    worker = await startWorker();
    await azkaban.deploy('next', { 'next.job': { type: 'noop' } });
    expect((await azkaban.run('next', 'next')).status).toBe('SUCCEEDED');
    expect(lab.witnessed('start')).toEqual([]);
    expect(statusesOf(await azkaban.execution(execid))).toEqual({ one: 'READY', two: 'READY' });
    expect(existsSync(`${lab.dataDir}/executions/${execid}`)).toBe(false);
  });
});
