import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { unescapeHtml, type AzkabanClient, type LogPiece } from '../support/azkaban-client.js';
import { openLab, type Lab, type StartedServer } from '../support/lab.js';
import { memoryOf } from '../support/processes.js';
import { waitUntil } from '../support/wait-until.js';

jest.setTimeout(300_000);

const MB = 1024 * 1024;
/** Lines of a log without the prefix every line gets. */
const PREFIX = /^\d\d-\d\d-\d{4} \d\d:\d\d:\d\d \S+ \S+ INFO - /;

describe('logs of jobs', () => {
  let lab: Lab;
  let worker: StartedServer;
  let azkaban: AzkabanClient;

  beforeAll(async () => {
    lab = openLab('logs');
    const web = await lab.start({ LOCKSTEP_ROLES: 'web,scheduler' });
    worker = await lab.start({ LOCKSTEP_ROLES: 'worker' });
    azkaban = await web.logIn();
  });
  afterAll(async () => lab.close());

  const isRunning = async (execid: number) => (await azkaban.execution(execid)).endTime <= 0;

  /** What the job itself has printed. */
  function output(log: string): readonly string[] {
    const lines = log.split('\n').map((line) => line.replace(PREFIX, ''));
    return lines.filter((line) => line.startsWith('OUT '));
  }

  it('show output while the job runs', async () => {
    await azkaban.deploy('live', {
      'live.job': { type: 'command', command: 'sh live.sh' },
      'live.sh': '. "$LAB/lab.sh"; echo OUT first; await_gate live; echo OUT second >&2\n',
    });
    const execid = await azkaban.execute('live', 'live');
    await azkaban.jobBecomes(execid, 'live', 'RUNNING');
    const running = await waitUntil('its output can be read', async () => {
      const answer = await azkaban.post('/executor', {
        ajax: 'fetchExecJobLogs',
        execid,
        jobId: 'live',
        offset: 0,
        length: 100_000,
      });
      // A job that has not printed yet has no log, which Azkaban answers with an error page.
      if (answer.status !== 200) return undefined;
      const log = unescapeHtml(((await answer.json()) as LogPiece).data);
      return output(log).length > 0 ? log : undefined;
    });
    expect(output(running)).toEqual(['OUT first']);
    expect(await isRunning(execid)).toBe(true);
    lab.openGate('live');
    expect((await azkaban.finished(execid)).status).toBe('SUCCEEDED');
    const whole = await azkaban.wholeJobLog(execid, 'live');
    expect(output(whole)).toEqual(['OUT first', 'OUT second']);
    expect(whole.startsWith(running)).toBe(true);
  });

  it('read piece by piece while they grow, give the whole: no byte lost, doubled or cut in two', async () => {
    // About 2 MB of characters of one to four bytes, in lines of different lengths, a few hundred at a time.
    const line = (n: number) => `OUT ${n} ${'aä語😀'.repeat(n % 23)}`;
    await azkaban.deploy('followed', {
      'talk.job': { type: 'command', command: 'node talk.mjs' },
      'talk.mjs': `import { writeSync } from 'node:fs';
const line = (n) => \`OUT \${n} \${'aä語😀'.repeat(n % 23)}\`;
for (let n = 0; n < 18_000; n += 1) {
  writeSync(1, line(n) + '\\n');
  if (n % 400 === 0) await new Promise((resolve) => setTimeout(resolve, 10));
}
`,
    });
    const execid = await azkaban.execute('followed', 'talk');
    await azkaban.jobBecomes(execid, 'talk', 'RUNNING').catch(() => undefined);
    let text = '';
    let offset = 0;
    let pieces = 0;
    for (;;) {
      const wasRunning = await isRunning(execid);
      const answer = await azkaban.post('/executor', {
        ajax: 'fetchExecJobLogs',
        execid,
        jobId: 'talk',
        offset,
        length: 70_001,
      });
      const piece = answer.status === 200 ? ((await answer.json()) as LogPiece) : { offset, length: 0, data: '' };
      const data = unescapeHtml(piece.data);
      expect(piece.offset).toBe(offset);
      expect(Buffer.byteLength(data)).toBe(piece.length);
      if (piece.length === 0 && !wasRunning) break;
      pieces += piece.length > 0 ? 1 : 0;
      text += data;
      offset = piece.offset + piece.length;
    }
    expect(text).not.toContain('\uFFFD');
    expect(pieces).toBeGreaterThan(20);
    expect(offset).toBeGreaterThan(2 * MB);
    expect(output(text)).toEqual(Array.from({ length: 18_000 }, (_, n) => line(n)));
    expect(await azkaban.wholeJobLog(execid, 'talk')).toBe(text);
  });

  it('of 200 MB fit through a worker that stays small, and do not hold up the log of another job', async () => {
    const lines = 2_000_000;
    const text = 'x'.repeat(104);
    await azkaban.deploy('chatty', {
      'chatty.job': { type: 'command', command: 'node chatty.mjs' },
      'chatty.mjs': `import { writeSync } from 'node:fs';
const block = 'OUT ${text.slice(4)}\\n'.repeat(1_000);
for (let n = 0; n < ${lines / 1_000}; n += 1) writeSync(1, block);
`,
      'quiet.job': { type: 'command', command: 'sh quiet.sh' },
      'quiet.sh': '. "$LAB/lab.sh"; echo OUT before; await_gate quiet; echo OUT after; await_gate quiet-end\n',
      'both.job': { type: 'noop', dependencies: 'chatty,quiet' },
    });
    const before = memoryOf(worker.pid, 'VmRSS');
    const execid = await azkaban.execute('chatty', 'both');
    await waitUntil('the chatty job has a log', async () => (await sizeOf(execid, 'chatty', 20 * MB)) > 20 * MB);
    lab.openGate('quiet');
    await waitUntil('the quiet job is heard', async () => {
      const answer = await azkaban.post('/executor', {
        ajax: 'fetchExecJobLogs',
        execid,
        jobId: 'quiet',
        offset: 0,
        length: 100_000,
      });
      return answer.status === 200 && (await answer.text()).includes('OUT after');
    });
    lab.openGate('quiet-end');
    expect((await azkaban.finished(execid, { deadlineMs: 200_000 })).status).toBe('SUCCEEDED');
    const grown = memoryOf(worker.pid, 'VmHWM') - before;
    expect(grown).toBeLessThan(50 * MB);

    // Every line has a prefix of the same length, and the engine adds a few lines of its own.
    const [sample = ''] =
      /^.* INFO - OUT x+\n/m.exec((await azkaban.jobLog(execid, 'chatty', { offset: 0, length: 20_000 })).data) ?? [];
    const size = await wholeSize(execid, 'chatty');
    expect(size).toBeGreaterThanOrEqual(lines * sample.length);
    expect(size).toBeLessThan(lines * sample.length + 100_000);
    const end = await azkaban.jobLog(execid, 'chatty', { offset: size - 2_000, length: 10_000 });
    expect(end.data).toMatch(/OUT x+\n(?:.*\n)*.*Wrapping up command job chatty.* SUCCEEDED\.\n$/);
  });

  /** More than `offset` when there is something behind it. */
  async function sizeOf(execid: number, job: string, offset: number): Promise<number> {
    const answer = await azkaban.post('/executor', {
      ajax: 'fetchExecJobLogs',
      execid,
      jobId: job,
      offset,
      length: 10,
    });
    if (answer.status !== 200) return 0;
    const piece = (await answer.json()) as LogPiece;
    return piece.length > 0 ? offset + piece.length : 0;
  }

  /** By halving: where the bytes end. */
  async function wholeSize(execid: number, job: string): Promise<number> {
    let [low, high] = [0, 2_000 * MB];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((await sizeOf(execid, job, middle)) > 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
});
