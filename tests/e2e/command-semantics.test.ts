import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { nodeOf, statusesOf, type AzkabanClient } from '../support/azkaban-client.js';
import { openLab, type Lab } from '../support/lab.js';
import { waitUntil } from '../support/wait-until.js';

jest.setTimeout(180_000);

describe('jobs of type command', () => {
  let lab: Lab;
  let azkaban: AzkabanClient;
  beforeAll(async () => {
    lab = openLab('command');
    azkaban = await (await lab.start({ INHERITED: 'from the server' })).logIn();
  });
  afterAll(async () => lab.close());

  /** What the job's programs have printed, without the lines of the engine. */
  async function printed(execid: number, job: string, attempt?: number): Promise<readonly string[]> {
    const log = await azkaban.wholeJobLog(execid, job, attempt === undefined ? {} : { attempt });
    return [...log.matchAll(/ INFO - OUT (.*)$/gm)].map(([, text = '']) => text);
  }

  it('get env.*, the variables of the engine and the environment of the server, without its settings', async () => {
    await azkaban.deploy('environment', {
      'show.job': {
        type: 'command',
        command: 'sh show.sh',
        'env.GREETING': 'hello ${azkaban.job.id}',
        'env.JOB_NAME': 'no',
      },
      'show.sh': `echo OUT "$GREETING"
echo OUT "$JOB_NAME"
echo OUT "$KRB5CCNAME"
echo OUT "$INHERITED"
echo OUT "$(env | grep -c '^LOCKSTEP_PORT\\|^LOCKSTEP_DATA_DIR')"
[ -f "$JOB_PROP_FILE" ] && [ -f "$JOB_OUTPUT_PROP_FILE" ] && [ ! -s "$JOB_OUTPUT_PROP_FILE" ] && echo OUT files
[ "$(dirname "$JOB_PROP_FILE")" = "$PWD" ] && echo OUT here
`,
    });
    const { execid, status } = await azkaban.run('environment', 'show');
    expect(status).toBe('SUCCEEDED');
    expect(await printed(execid, 'show')).toEqual([
      'hello show',
      'show',
      `/tmp/krb5cc__environment__show__show__${execid}__azkaban`,
      'from the server',
      '0',
      'files',
      'here',
    ]);
  });

  it('find their resolved properties in JOB_PROP_FILE, in the order of precedence', async () => {
    await azkaban.deploy('properties', {
      'base.properties': 'a=file\nb=file\nc=file\nwho=${a}-${b}-${c}-${d}\n',
      'sub/near.properties': 'b=near\n',
      'sub/show.job': {
        type: 'command',
        command: 'cat ${prop.file.of.nobody}',
        c: 'job',
        'prop.file.of.nobody': '/dev/null',
        'command.1': 'sh sub.sh',
      },
      'sub/sub.sh': `sed 's/^/OUT /' "$JOB_PROP_FILE"\n`,
    });
    const { execid, status } = await azkaban.run('properties', 'show', {
      'flowOverride[a]': 'flow',
      'flowOverride[c]': 'flow',
      'flowOverride[d]': 'ü=1',
    });
    expect(status).toBe('SUCCEEDED');
    const lines = await printed(execid, 'show');
    expect(lines).toEqual(
      expect.arrayContaining([
        'a=flow',
        'b=near',
        'c=job',
        expect.stringMatching(/^who=flow-near-job-\\u00[fF][cC]\\?=1$/),
        `azkaban.flow.execid=${execid}`,
        'azkaban.flow.flowid=show',
        'azkaban.flow.projectname=properties',
        'azkaban.flow.submituser=azkaban',
        'azkaban.flow.executionsource=adhoc',
        'azkaban.job.id=show',
        'azkaban.job.attempt=0',
        'azkaban.job.innodes=',
      ]),
    );
    expect(lines.filter((line) => line.startsWith('JOB_'))).toEqual([]);
  });

  it('hand outputs to the jobs that depend on them directly, and only to those', async () => {
    await azkaban.deploy('outputs', {
      'first.job': { type: 'command', command: 'sh first.sh' },
      'second.job': { type: 'command', command: 'echo OUT ${count} ${text} ${nested}', dependencies: 'first' },
      'third.job': { type: 'command', command: 'echo OUT ${count}', dependencies: 'second', count: 'own' },
      'fourth.job': { type: 'command', command: 'echo OUT ${count}', dependencies: 'third' },
      'first.sh': `echo '{"count": 3, "text": "drei 語", "nested": {"x": [1]}}' > "$JOB_OUTPUT_PROP_FILE"\n`,
    });
    const view = await azkaban.run('outputs', 'fourth');
    expect(await printed(view.execid, 'second')).toEqual(['3 drei 語 {x:[1]}']);
    expect(await printed(view.execid, 'third')).toEqual(['own']);
    expect(statusesOf(view)).toEqual({ first: 'SUCCEEDED', second: 'SUCCEEDED', third: 'SUCCEEDED', fourth: 'FAILED' });
    expect(view.status).toBe('FAILED');
  });

  it('run command, command.1, … in order up to the first gap, and stop at the first failure', async () => {
    await azkaban.deploy('sequence', {
      'gap.job': {
        type: 'command',
        command: 'echo OUT zero',
        'command.1': "echo OUT 'one  two' $HOME | cat",
        'command.2': 'sh -c "echo OUT $((1+1)); echo OUT done"',
        'command.4': 'echo OUT never',
      },
      'stops.job': {
        type: 'command',
        command: 'echo OUT zero',
        'command.1': 'sh -c "exit 3"',
        'command.2': 'echo OUT never',
        dependencies: 'gap',
      },
    });
    const { execid, status } = await azkaban.run('sequence', 'stops');
    expect(status).toBe('FAILED');
    expect(await printed(execid, 'gap')).toEqual(['zero', 'one  two $HOME | cat', '2', 'done']);
    expect(await printed(execid, 'stops')).toEqual(['zero']);
  });

  it('fail without a word from Lockstep itself when their program does not exist or has no command', async () => {
    await azkaban.deploy('impossible', {
      'none.job': { type: 'command', command: 'no-such-program-here --flag' },
      'empty.job': { type: 'command' },
      'strange.job': { type: 'teleport' },
      'all.job': { type: 'noop', dependencies: 'none,empty,strange' },
    });
    const { execid, status, ...view } = await azkaban.run('impossible', 'all', { failureAction: 'finishPossible' });
    expect(status).toBe('FAILED');
    expect(statusesOf({ execid, status, ...view })).toEqual({
      none: 'FAILED',
      empty: 'FAILED',
      strange: 'FAILED',
      all: 'CANCELLED',
    });
    expect(await azkaban.wholeJobLog(execid, 'none')).toContain('no-such-program-here');
    expect(await azkaban.wholeJobLog(execid, 'empty')).toContain("Missing required property 'command'");
    expect(await azkaban.wholeJobLog(execid, 'strange')).toContain('teleport');
  });

  it('are tried again after the back-off as often as retries says, each attempt with its own number and log', async () => {
    await azkaban.deploy('retrying', {
      'flaky.job': { type: 'command', command: 'sh flaky.sh ${azkaban.job.attempt}', retries: 3, 'retry.backoff': 300 },
      'flaky.sh': `. "$LAB/lab.sh"; witness start flaky "$1"; echo OUT attempt "$1"; [ "$1" -ge 2 ]\n`,
    });
    const view = await azkaban.run('retrying', 'flaky');
    const flaky = nodeOf(view, 'flaky');
    expect(view.status).toBe('SUCCEEDED');
    expect(flaky).toMatchObject({ status: 'SUCCEEDED', attempt: 2 });
    expect(flaky.pastAttempts?.map(({ attempt, status }) => [attempt, status])).toEqual([
      [0, 'FAILED'],
      [1, 'FAILED'],
    ]);
    expect(lab.witnessed('start').map(({ attempt }) => attempt)).toEqual([0, 1, 2]);
    const past = flaky.pastAttempts as unknown as readonly { startTime: number; endTime: number }[];
    expect(flaky.startTime - (past[1]?.endTime ?? Infinity)).toBeGreaterThanOrEqual(300);
    for (const attempt of [0, 1, 2]) {
      expect(await printed(view.execid, 'flaky', attempt)).toEqual([`attempt ${attempt}`]);
    }
  });

  it('run no more at a time than flow.num.job.threads', async () => {
    const jobs = ['a', 'b', 'c', 'd', 'e', 'f'];
    await azkaban.deploy('threads', {
      ...Object.fromEntries(jobs.map((job) => [`${job}.job`, { type: 'command', command: `sh wait.sh ${job}` }])),
      'all.job': { type: 'noop', dependencies: jobs.join(',') },
      'wait.sh': '. "$LAB/lab.sh"; witness start $1 0; await_gate threads-$1; witness end $1 0\n',
    });
    lab.clearWitness();
    const execid = await azkaban.execute('threads', 'all', { 'flowOverride[flow.num.job.threads]': 2 });
    const order: string[] = [];
    for (let finished = 0; finished < jobs.length; finished += 1) {
      const running = Math.min(2, jobs.length - finished);
      await waitUntil(
        `${finished + running} jobs have started`,
        () => lab.witnessed('start').length >= finished + running,
      );
      const view = await azkaban.execution(execid);
      const active = jobs.filter((job) => nodeOf(view, job).status === 'RUNNING');
      expect(active.length).toBeLessThanOrEqual(2);
      const next =
        lab
          .witnessed('start')
          .map(({ job }) => job)
          .find((job) => !order.includes(job)) ?? '';
      order.push(next);
      lab.openGate(`threads-${next}`);
      await waitUntil(`${next} has ended`, () => lab.witnessed('end').some(({ job }) => job === next));
    }
    expect((await azkaban.finished(execid)).status).toBe('SUCCEEDED');
    let running = 0;
    for (const { what } of lab.witnessed()) {
      running += what === 'start' ? 1 : -1;
      expect(running).toBeLessThanOrEqual(2);
    }
    expect([...order].sort()).toEqual(jobs);
  });

  it('work in the directory of their .job file, and may go below it but not elsewhere', async () => {
    await azkaban.deploy('directories', {
      'top.job': { type: 'command', command: 'cat data.txt', 'command.1': 'sh where.sh' },
      'data.txt': 'OUT top\n',
      'where.sh': 'echo OUT "$(basename "$PWD")"\n',
      'deep/er/inner.job': {
        type: 'command',
        command: 'cat data.txt',
        'command.1': 'cat ../../data.txt',
        dependencies: 'top',
      },
      'deep/er/data.txt': 'OUT inner\n',
      'deep/er/below.job': { type: 'command', command: 'cat data.txt', 'working.dir': 'below', dependencies: 'inner' },
      'deep/er/below/data.txt': 'OUT below\n',
      'deep/er/outside.job': {
        type: 'command',
        command: 'echo OUT never',
        'working.dir': '/etc',
        dependencies: 'inner',
      },
      'end.job': { type: 'noop', dependencies: 'below,outside' },
    });
    const view = await azkaban.run('directories', 'end', { failureAction: 'finishPossible' });
    expect(await printed(view.execid, 'top')).toEqual(['top', `${view.execid}`]);
    expect(await printed(view.execid, 'inner')).toEqual(['inner', 'top']);
    expect(await azkaban.wholeJobLog(view.execid, 'outside')).toContain('Specified working.dir is not valid');
    expect(statusesOf(view)).toMatchObject({ inner: 'SUCCEEDED', outside: 'FAILED', end: 'CANCELLED' });
    expect(await printed(view.execid, 'below')).toEqual(['below']);
  });

  it('share one copy of the project per execution, which the next execution does not see', async () => {
    await azkaban.deploy('sharing', {
      'write.job': { type: 'command', command: 'cat state.txt', 'command.1': 'sh -c "echo OUT changed > state.txt"' },
      'read.job': { type: 'command', command: 'cat state.txt', dependencies: 'write' },
      'state.txt': 'OUT fresh\n',
    });
    for (const execid of [
      (await azkaban.run('sharing', 'read')).execid,
      (await azkaban.run('sharing', 'read')).execid,
    ]) {
      expect(await printed(execid, 'write')).toEqual(['fresh']);
      expect(await printed(execid, 'read')).toEqual(['changed']);
    }
  });

  it('run inside embedded flows under their nested id, with parameters addressed to them', async () => {
    await azkaban.deploy('embedding', {
      'one.job': { type: 'command', command: 'sh one.sh' },
      'one.sh': `echo '{"from":"one"}' > "$JOB_OUTPUT_PROP_FILE"; sed -n 's/^azkaban.flow.nested.path=/OUT /p' "$JOB_PROP_FILE"\n`,
      'two.job': { type: 'command', command: 'echo OUT ${from} ${word}', dependencies: 'one', word: 'default' },
      'before.job': { type: 'noop' },
      'left.job': { type: 'flow', 'flow.name': 'two', dependencies: 'before' },
      'right.job': { type: 'flow', 'flow.name': 'two', dependencies: 'before' },
      'end.job': { type: 'noop', dependencies: 'left,right' },
    });
    const view = await azkaban.run('embedding', 'end', { 'runtimeProperty[right:two][word]': 'addressed' });
    expect(view.status).toBe('SUCCEEDED');
    expect(statusesOf(view)).toEqual(
      Object.fromEntries(
        ['before', 'end', 'left', 'left:one', 'left:two', 'right', 'right:one', 'right:two'].map((id) => [
          id,
          'SUCCEEDED',
        ]),
      ),
    );
    expect(await printed(view.execid, 'left:two')).toEqual(['one default']);
    expect(await printed(view.execid, 'right:two')).toEqual(['one addressed']);
    expect((await printed(view.execid, 'right:one')).map((path) => path.replaceAll('\\', ''))).toEqual(['right:one']);
  });

  it('run from a Flow 2.0 file as well', async () => {
    await azkaban.deploy('flow20', {
      'flow20.project': 'azkaban-flow-version: 2.0\n',
      'main.flow': `config:
  greeting: hi
nodes:
  - name: hello
    type: command
    config:
      command: echo OUT \${greeting}
  - name: inner
    type: flow
    dependsOn: [hello]
    nodes:
      - name: deep
        type: command
        config:
          command: echo OUT \${greeting} deep
`,
    });
    const view = await azkaban.run('flow20', 'main', { 'flowOverride[greeting]': 'ciao' });
    expect(view.status).toBe('SUCCEEDED');
    expect(await printed(view.execid, 'hello')).toEqual(['ciao']);
    expect(await printed(view.execid, 'inner:deep')).toEqual(['ciao deep']);
  });
});
