import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { cloneTestDatabase, type TestDatabase } from '@lockstep/testing';
import { openLab, type Lab } from '../support/lab.js';
import { waitUntil } from '../support/wait-until.js';

jest.setTimeout(240_000);

const NOTED = {
  'noted.job': { type: 'command', command: 'sh noted.sh ${azkaban.flow.execid}' },
  'noted.sh': '. "$LAB/lab.sh"; witness start "$1" 0\n',
};

describe('roles on one data folder', () => {
  let lab: Lab;
  beforeEach(() => {
    lab = openLab('roles');
  });
  afterEach(async () => lab.close());

  it('let a worker join, run what the web server takes in, and stay through a restart of the web server', async () => {
    const settings = { LOCKSTEP_ROLES: 'web,scheduler', LOCKSTEP_HEARTBEAT: '500ms' };
    const web = await lab.start(settings);
    const worker = await lab.start({ LOCKSTEP_ROLES: 'worker', LOCKSTEP_HEARTBEAT: '500ms' });
    const azkaban = await web.logIn();
    await azkaban.deploy('noted', NOTED);
    expect((await azkaban.run('noted', 'noted')).status).toBe('SUCCEEDED');
    expect(await web.stop()).toBe(0);

    const again = azkaban.at((await lab.start(settings)).url);
    const second = await again.run('noted', 'noted');
    expect(second.status).toBe('SUCCEEDED');
    expect(lab.witnessed('start').map(({ server }) => server)).toEqual([worker.id, worker.id]);
    expect(await worker.stop()).toBe(0);
  });

  it('without a worker keep executions until one comes', async () => {
    const web = await lab.start({ LOCKSTEP_ROLES: 'web,scheduler' });
    const azkaban = await web.logIn();
    await azkaban.deploy('noted', NOTED);
    const execid = await azkaban.execute('noted', 'noted');
    expect((await azkaban.execution(execid)).status).toBe('PREPARING');
    await lab.start({ LOCKSTEP_ROLES: 'worker' });
    expect((await azkaban.finished(execid)).status).toBe('SUCCEEDED');
  });

  it('refuse a second web server, which would run the same database', async () => {
    const first = await lab.start();
    const second = lab.launch({ LOCKSTEP_ROLES: 'web' });
    expect(await second.exited).toEqual({ code: 1, signal: null });
    expect(second.stderr()).toContain(`"${lab.dataDir}" is in use by Lockstep process ${first.pid}`);
    expect(second.stderr()).not.toMatch(/^\s+at /m);
    await first.logIn();
  });
});

describe('two web servers and two workers on one database', () => {
  let lab: Lab;
  let database: TestDatabase;
  beforeAll(async () => {
    lab = openLab('many');
    database = await cloneTestDatabase();
  });
  afterAll(async () => {
    try {
      await lab.close();
    } finally {
      await database.drop();
    }
  });

  it('run 100 executions taken in by both, each exactly once, and know the same sessions and executions', async () => {
    const start = (name: string, roles: string) =>
      lab.start({
        LOCKSTEP_DATABASE_URL: database.connectionString,
        LOCKSTEP_DATA_DIR: join(lab.folder, name),
        LOCKSTEP_ROLES: roles,
        LOCKSTEP_FLOW_RUNS: '1000',
      });
    // All at once: they also race to create the tables' content and the queue.
    const [one, other, ...workers] = await Promise.all([
      start('web1', 'web,scheduler'),
      start('web2', 'web,scheduler'),
      start('worker1', 'worker'),
      start('worker2', 'worker'),
    ]);
    const here = await one.logIn();
    const there = here.at(other.url);
    await here.deploy('noted', NOTED);

    const submitting = Array.from({ length: 100 }, (_, n) =>
      (n % 2 === 0 ? here : there).execute('noted', 'noted', { concurrentOption: 'ignore' }),
    );
    const execids = (await Promise.all(submitting)).toSorted((a, b) => a - b);
    expect(new Set(execids).size).toBe(100);
    await waitUntil(
      'all have ended',
      async () => {
        const running = await there.ajax<{ execIds?: number[] }>('/executor', {
          ajax: 'getRunning',
          project: 'noted',
          flow: 'noted',
        });
        return running.execIds === undefined;
      },
      { deadlineMs: 180_000, everyMs: 200 },
    );
    const page = await there.ajax<{ total: number; executions: { execId: number; status: string }[] }>('/manager', {
      ajax: 'fetchFlowExecutions',
      project: 'noted',
      flow: 'noted',
      start: 0,
      length: 200,
    });
    expect(page.total).toBe(100);
    expect(page.executions.map(({ execId, status }) => [execId, status]).reverse()).toEqual(
      execids.map((execid) => [execid, 'SUCCEEDED']),
    );
    const ran = lab.witnessed('start').map(({ job }) => Number(job));
    expect(ran.toSorted((a, b) => a - b)).toEqual(execids);
    // Both took part; which one takes how many is up to the queue.
    const takers = new Set(lab.witnessed('start').map(({ server }) => server));
    expect([...takers].every((id) => workers.some((worker) => worker.id === id))).toBe(true);
  });
});
