import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { nodeOf, statusesOf, type AzkabanClient, type ExecutionView } from '../support/azkaban-client.js';
import { openLab, type Lab, type StartedServer } from '../support/lab.js';
import { isAlive, processesOf } from '../support/processes.js';
import { waitUntil } from '../support/wait-until.js';

jest.setTimeout(240_000);

const SETTINGS = { LOCKSTEP_KILL_GRACE: '300ms', LOCKSTEP_HEARTBEAT: '500ms', LOCKSTEP_LEASE: '4s' };

/** first → held → last; `held` waits at a gate on its first attempt. */
const heldProject = (held: { retries?: number }) => ({
  'first.job': { type: 'command', command: 'sh step.sh first ${azkaban.job.attempt}' },
  'held.job': {
    type: 'command',
    command: 'sh step.sh held ${azkaban.job.attempt} gate',
    dependencies: 'first',
    ...held,
  },
  'last.job': { type: 'command', command: 'sh step.sh last ${azkaban.job.attempt}', dependencies: 'held' },
  'step.sh': `. "$LAB/lab.sh"
witness start "$AZKABAN_FLOW.$1" "$2"
[ "$2" = 0 ] || check_alone "$AZKABAN_FLOW.$1" "$2"
trap "" TERM
[ "$2$3" != 0gate ] || await_gate never
witness end "$AZKABAN_FLOW.$1" "$2"
`,
  'env.properties': 'env.AZKABAN_FLOW=${azkaban.flow.projectname}\n',
});

/** Of the patient execution, whose lost job may be tried again, and of the strict one. */
const OUTCOME = [
  {
    status: 'SUCCEEDED',
    jobs: { first: 'SUCCEEDED', held: 'SUCCEEDED', last: 'SUCCEEDED' },
    held: [
      [0, 'FAILED'],
      [1, 'SUCCEEDED'],
    ],
  },
  {
    status: 'FAILED',
    jobs: { first: 'SUCCEEDED', held: 'FAILED', last: 'CANCELLED' },
    held: [[0, 'FAILED']],
  },
];

describe('a server that loses itself or a part of itself', () => {
  let lab: Lab;
  let server: StartedServer;
  let azkaban: AzkabanClient;

  beforeEach(async () => {
    lab = openLab('restart');
    server = await lab.start(SETTINGS);
    azkaban = await server.logIn();
  });
  afterEach(async () => lab.close());

  /** Two executions that differ in what their lost job allows; returns when both are held at it. */
  async function startHeld(): Promise<{ patient: number; strict: number; pids: readonly number[] }> {
    await azkaban.deploy('patient', heldProject({ retries: 1 }));
    await azkaban.deploy('strict', heldProject({}));
    const patient = await azkaban.execute('patient', 'last');
    const strict = await azkaban.execute('strict', 'last');
    const pids = await waitUntil('both executions are held', () => {
      const held = lab.witnessed('start').filter(({ job }) => job.endsWith('.held'));
      return held.length === 2 ? held.map(({ pid }) => pid) : undefined;
    });
    await azkaban.jobBecomes(patient, 'held', 'RUNNING');
    await azkaban.jobBecomes(strict, 'held', 'RUNNING');
    return { patient, strict, pids };
  }

  /** `session` from before the restart is still good; what was interrupted is carried on, each attempt once. */
  async function expectTakenUp(held: { patient: number; strict: number }): Promise<void> {
    server = await lab.start(SETTINGS);
    azkaban = azkaban.at(server.url);
    expect(await outcomeOf(held)).toEqual(OUTCOME);
    const starts = lab.witnessed('start').map(({ job, attempt }) => `${job} ${attempt}`);
    expect([...starts].sort()).toEqual([
      'patient.first 0',
      'patient.held 0',
      'patient.held 1',
      'patient.last 0',
      'strict.first 0',
      'strict.held 0',
    ]);
    expect(lab.witnessed('overlap')).toEqual([]);
    expect(await azkaban.ajax('/executor', { ajax: 'getRunning', project: 'strict', flow: 'last' })).toEqual({});
  }

  async function outcomeOf({ patient, strict }: { patient: number; strict: number }) {
    const [tried, untried] = [await azkaban.finished(patient), await azkaban.finished(strict)];
    return [tried, untried].map((view) => ({
      status: view.status,
      jobs: statusesOf(view),
      held: attemptsOf(view, 'held'),
    }));
  }

  it('is stopped with SIGTERM: exit code 0, nothing left running, sessions and executions go on after the next start', async () => {
    const held = await startHeld();
    expect(held.pids.map(isAlive)).toEqual([true, true]);
    expect(await server.stop()).toBe(0);
    expect(processesOf(lab.folder)).toEqual([]);
    await expectTakenUp(held);
    expect(await server.stop()).toBe(0);
    expect(processesOf(lab.folder)).toEqual([]);
  });

  it('is killed together with its database: the next start repairs it, ends the jobs left behind, and carries on', async () => {
    const held = await startHeld();
    await killAll();
    // A job does not need its worker to live: these two are orphans now.
    expect(held.pids.map(isAlive)).toEqual([true, true]);
    await expectTakenUp(held);
    expect(held.pids.map(isAlive)).toEqual([false, false]);
    await azkaban.deploy('afterwards', { 'ok.job': { type: 'noop' } });
    expect((await azkaban.run('afterwards', 'ok')).status).toBe('SUCCEEDED');
  });

  it('is killed alone: the next start takes its running database over and carries on', async () => {
    const held = await startHeld();
    await server.crash();
    await expectTakenUp(held);
    expect(held.pids.map(isAlive)).toEqual([false, false]);
  });

  it('is killed with executions waiting: the next start runs them all', async () => {
    await azkaban.deploy('many', {
      'one.job': { type: 'command', command: 'sh one.sh ${azkaban.flow.execid}' },
      'one.sh': '. "$LAB/lab.sh"; witness start "$1" 0; await_gate many; witness end "$1" 0\n',
    });
    const execids: number[] = [];
    for (let n = 0; n < 10; n += 1) {
      execids.push(await azkaban.execute('many', 'one', { concurrentOption: 'ignore', 'flowOverride[retries]': 3 }));
    }
    await killAll();
    lab.openGate('many');
    server = await lab.start(SETTINGS);
    azkaban = azkaban.at(server.url);
    for (const execid of execids) expect((await azkaban.finished(execid)).status).toBe('SUCCEEDED');
    const ends = lab.witnessed('end').map(({ job }) => Number(job));
    // A job the kill met between its end and the record of it is tried again; none is lost.
    expect(new Set(ends)).toEqual(new Set(execids));
  });

  it('loses the process that starts its jobs: what ran is ended and tried again', async () => {
    const held = await startHeld();
    const [host, ...others] = processesOf(lab.folder).filter(({ command }) => command.includes('process-host.mjs'));
    expect([host, others]).toEqual([expect.anything(), []]);
    process.kill(host?.pid ?? 0, 'SIGKILL');
    expect(await outcomeOf(held)).toEqual(OUTCOME);
    expect(held.pids.map(isAlive)).toEqual([false, false]);
    expect(lab.witnessed('overlap')).toEqual([]);
  });

  /** As when the machine's memory runs out: the server and its database, but not the jobs, which have left its group. */
  async function killAll(): Promise<void> {
    const postgres = processesOf(lab.folder).filter(({ command }) => /(^postgres:|bin\/postgres )/.test(command));
    expect(postgres.length).toBeGreaterThan(1);
    for (const pid of [server.pid, ...postgres.map((each) => each.pid)]) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    await server.exited;
    await waitUntil('the database is gone', () => !postgres.some(({ pid }) => isAlive(pid)));
  }
});

function attemptsOf(execution: ExecutionView, job: string): readonly (readonly [number, string])[] {
  const node = nodeOf(execution, job);
  const past = (node.pastAttempts ?? []).map(({ attempt, status }) => [attempt, status] as const);
  return [...past, [node.attempt, node.status]];
}
