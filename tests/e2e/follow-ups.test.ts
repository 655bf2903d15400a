import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { statusesOf, type AzkabanClient, type ExecutionView } from '../support/azkaban-client.js';
import { exampleSources } from '../support/example-sources.js';
import { openLab, type Lab } from '../support/lab.js';
import { waitUntil } from '../support/wait-until.js';

jest.setTimeout(180_000);

interface Row {
  readonly execId: number;
  readonly status: string;
  readonly submitUser: string;
}

/** The example projects on a server with two schedulers. */
describe('what follows from executions', () => {
  let lab: Lab;
  let azkaban: AzkabanClient;

  beforeAll(async () => {
    lab = openLab('follow-ups');
    const server = await lab.start();
    await lab.start({ LOCKSTEP_ROLES: 'scheduler' });
    azkaban = await server.logIn();
  });
  afterAll(() => lab.close());

  const executionsOf = async (project: string, flow: string): Promise<readonly Row[]> => {
    const page = { project, flow, start: 0, length: 100 };
    const answer = await azkaban.ajax<{ executions: readonly Row[] }>('/manager', {
      ajax: 'fetchFlowExecutions',
      ...page,
    });
    return answer.executions;
  };
  /** Waits for the execution of that number (the first is 1), and for its end. */
  const execution = async (project: string, flow: string, number: number): Promise<ExecutionView> => {
    const execid = await waitUntil(`${project}/${flow} has run ${number} times`, async () => {
      return (await executionsOf(project, flow)).at(-number)?.execId;
    });
    return azkaban.finished(execid);
  };

  it('are the flows that come after others, across projects', async () => {
    for (const project of ['sales', 'customers', 'report', 'archive']) {
      await azkaban.deploy(project, exampleSources('flow-dependencies', project));
    }
    await azkaban.run('sales', 'load');
    await azkaban.run('sales', 'load');
    expect(await executionsOf('report', 'report')).toEqual([]);
    await azkaban.run('customers', 'load');
    expect((await execution('report', 'report', 1)).status).toBe('SUCCEEDED');
    expect((await execution('archive', 'archive', 1)).status).toBe('SUCCEEDED');
    expect(await executionsOf('report', 'report')).toMatchObject([{ submitUser: 'azkaban' }]);
  });

  it('warn of circles at the upload', async () => {
    await azkaban.deploy('chicken', { 'lay.job': { type: 'noop', 'trigger.after': 'egg/hatch' } });
    await azkaban.ajax('/manager', { action: 'create', name: 'egg', description: 'd' });
    const answer = await azkaban.upload('egg', { 'hatch.job': { type: 'noop', 'trigger.after': 'chicken/lay' } });
    expect(answer['error']).toBeUndefined();
    expect(JSON.stringify(answer)).toContain('goes round in a circle');
    await azkaban.run('egg', 'hatch');
    expect((await execution('chicken', 'lay', 1)).status).toBe('SUCCEEDED');
    // Both schedulers have looked at that end once this one has been followed up.
    await azkaban.run('sales', 'load');
    await azkaban.run('customers', 'load');
    await execution('archive', 'archive', 2);
    expect(await executionsOf('egg', 'hatch')).toHaveLength(1);
  });

  it('are retries of jobs with growing waits, then of the whole flow without what has succeeded', async () => {
    const state = join(lab.folder, 'state');
    mkdirSync(state);
    await azkaban.deploy('retries', exampleSources('retries'));
    const first = await azkaban.run('retries', 'import', { 'flowOverride[state.dir]': state });
    expect(statusesOf(first)).toEqual({ download: 'SUCCEEDED', load: 'FAILED' });
    expect(first.nodes.find(({ id }) => id === 'download')).toMatchObject({ attempt: 2 });

    const second = await execution('retries', 'import', 2);
    expect([second.status, statusesOf(second)]).toEqual(['SUCCEEDED', { download: 'SKIPPED', load: 'SUCCEEDED' }]);
    expect(await azkaban.execution(first.execid)).toMatchObject({
      retries: { allowedStatuses: 'FAILED', userDefinedMax: 1, userDefinedCount: 0, childExecutionID: second.execid },
    });
    expect(second).toMatchObject({
      retries: { userDefinedCount: 1, rootExecutionID: first.execid, parentExecutionID: first.execid },
    });
  });

  it('leave an execution alone that somebody has killed', async () => {
    await azkaban.deploy('killed', {
      'wait.job': { type: 'command', command: 'sh wait.sh' },
      'wait.sh': '. "$LAB/lab.sh"; witness start wait 0; await_gate never\n',
      'param_override.properties': 'flow.retry.statuses=FAILED,EXECUTION_STOPPED\n',
    });
    const execid = await azkaban.execute('killed', 'wait');
    await waitUntil('the job has started', () => lab.witnessed('start').length > 0);
    await azkaban.ajax('/executor', { ajax: 'cancelFlow', execid });
    expect((await azkaban.finished(execid)).status).toBe('KILLED');
    expect(await executionsOf('killed', 'wait')).toHaveLength(1);
  });

  it('are reruns from the failure, and of single jobs, when somebody asks for them', async () => {
    const input = join(lab.folder, 'input.csv');
    await azkaban.deploy('reruns', exampleSources('reruns'));
    const failed = await azkaban.run('reruns', 'publish', { 'flowOverride[input]': input });
    expect(statusesOf(failed)).toMatchObject({ 'prepare:check': 'FAILED', publish: 'CANCELLED' });

    writeFileSync(input, '1;2;3\n');
    const { execid } = await azkaban.ajax<{ execid: number }>('/executor', { ajax: 'rerun', execid: failed.execid });
    const rerun = await azkaban.finished(execid);
    expect(statusesOf(rerun)).toEqual({
      extract: 'SKIPPED',
      prepare: 'SUCCEEDED',
      'prepare:clean': 'SKIPPED',
      'prepare:check': 'SUCCEEDED',
      publish: 'SUCCEEDED',
    });
    expect(await azkaban.ajax('/executor', { ajax: 'rerun', execid })).toMatchObject({
      error: expect.stringContaining('has succeeded'),
    });

    const single = await azkaban.run('reruns', 'publish', { 'flowOverride[input]': input, onlyJob: 'prepare:check' });
    expect(statusesOf(single)).toMatchObject({
      extract: 'SKIPPED',
      'prepare:clean': 'SKIPPED',
      'prepare:check': 'SUCCEEDED',
    });
  });

  it('say in the job’s log which retry setting cannot be used', async () => {
    await azkaban.deploy('mistaken', {
      'bad.job': { type: 'command', command: 'true', 'retry.backoff': 'soon' },
    });
    const { execid } = await azkaban.run('mistaken', 'bad');
    expect(await azkaban.wholeJobLog(execid, 'bad')).toContain('Property "retry.backoff" has the value "soon"');
  });
});
