import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createAttemptBench, fixture, isAlive, until } from '../fixtures/attempt-bench.js';
import type { AttemptBench } from '../fixtures/attempt-bench.js';
import { createJobTypes } from '../job-types.js';
import type { JobTypes } from '../job-types.js';
import { killLeftProcesses } from '../process/kill-left-processes.js';

describe('a job of type command', () => {
  let bench: AttemptBench;
  let types: JobTypes;
  beforeEach(async () => {
    bench = createAttemptBench();
    types = await createJobTypes();
  });
  afterEach(() => bench.remove());

  const wordCases: readonly [title: string, parameters: string, words: readonly string[]][] = [
    ['runs of blanks separate words', 'a  b', ['a', 'b']],
    ['the other quote is literal inside quotes', `"it's"`, [`it's`]],
    ['quotes may start inside a word', '--x="a b"', ['--x=a b']],
    ['a backslash is an ordinary character', 'a\\ b', ['a\\', 'b']],
    ['tab and newline are ordinary characters', 'a\tb\nc', ['a\tb\nc']],
    ['empty quoted words vanish', 'a "" b', ['a', 'b']],
    ['an open quote at the end is accepted', `'a b`, ['a b']],
    ['no shell reads it', '$HOME * ~ a|b && c > d', ['$HOME', '*', '~', 'a|b', '&&', 'c', '>', 'd']],
  ];
  it.each(wordCases)('splits words: %s', async (_title, parameters, words) => {
    const context = bench.context({ command: `${fixture('prints-arguments')} ${parameters}` });
    expect(await types.runAttempt('command', context)).toEqual({ result: 'succeeded', outputs: {} });
    expect(JSON.parse(bench.output())).toEqual(words);
  });

  it('runs command, command.1, command.2 in turn, up to the first missing number', async () => {
    const context = bench.context({
      command: 'echo zero',
      'command.1': 'echo one',
      'command.2': 'echo two',
      'command.4': 'echo four',
    });
    expect((await types.runAttempt('command', context)).result).toBe('succeeded');
    expect(bench.output()).toBe('zero\none\ntwo\n');
  });

  it('stops at the first command that does not end with 0', async () => {
    const context = bench.context({ command: 'echo zero', 'command.1': 'sh -c "exit 3"', 'command.2': 'echo two' });
    expect(await types.runAttempt('command', context)).toEqual({
      result: 'failed',
      reason: expect.stringMatching(/^Process \d+ \(sh\) ended with exit code 3\.$/) as unknown,
    });
    expect(bench.output()).toBe('zero\n');
  });

  it('fails without a command', async () => {
    const reason = "Job set up failed: Missing required property 'command'";
    expect(await types.runAttempt('command', bench.context({}))).toEqual({ result: 'failed', reason });
    expect(bench.logLines.at(-1)).toBe(`ERROR ${reason}`);
  });

  const notStarted: readonly [title: string, command: string, reason: RegExp][] = [
    [
      'an unknown program',
      'no-such-program-here x',
      /"no-such-program-here" cannot be started: it is neither in the PATH/,
    ],
    ['a script that is not executable', './plain.sh', /it is not executable.*bash script\.sh/],
    ['an empty command', '  ', /names no program/],
    ['an argument with a NUL', 'echo a\0b', /"echo" cannot be started/],
  ];
  it.each(notStarted)('fails and says why: %s', async (_title, command, reason) => {
    writeFileSync(join(bench.directory, 'plain.sh'), 'echo hello\n', { mode: 0o644 });
    expect(await types.runAttempt('command', bench.context({ command }))).toEqual({
      result: 'failed',
      reason: expect.stringMatching(reason) as unknown,
    });
  });

  it('says which signal ended a process that nobody asked to end', async () => {
    const result = await types.runAttempt('command', bench.context({ command: `sh -c 'kill -9 $$'` }));
    expect(result).toEqual({ result: 'failed', reason: expect.stringContaining('signal SIGKILL') as unknown });
  });

  it('gives a process an empty input and merges both outputs in order', async () => {
    const context = bench.context({ command: `sh -c 'cat; echo out; echo err >&2; echo out again'` });
    await types.runAttempt('command', context);
    expect(bench.output()).toBe('out\nerr\nout again\n');
  });

  it('gives the process the files and variables of the engine, and those of env.*', async () => {
    const properties = {
      command: `sh -c 'cat "$JOB_PROP_FILE"; cat "$JOB_OUTPUT_PROP_FILE"; env'`,
      'env.GREETING': 'hello = world',
      'env.JOB_NAME': 'a lie',
      'user.to.proxy': 'ann lee',
      'azkaban.flow.execid': '42',
    };
    await types.runAttempt('command', bench.context(properties));
    const lines = bench.output().split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'azkaban.flow.execid=42',
        'env.GREETING=hello = world',
        'GREETING=hello = world',
        'JOB_NAME=extract',
        'BASE=from the worker',
        `PWD=${bench.directory}`,
        'KRB5CCNAME=/tmp/krb5cc__my_project__nightly__extract__42__ann_lee',
      ]),
    );
    const file = (variable: string): string => lines.find((line) => line.startsWith(`${variable}=`)) ?? '';
    expect(file('JOB_PROP_FILE')).toMatch(/\/extract_job_props_\w+_tmp$/);
    expect(file('JOB_OUTPUT_PROP_FILE')).toMatch(/\/extract_output_\w+_tmp$/);
    expect(lines.filter((line) => line.startsWith('JOB_PROP_FILE='))).toHaveLength(1);
  });

  it('removes its two files when the job fails, and leaves them when it succeeds', async () => {
    const files = (): string[] => readdirSync(bench.directory).filter((name) => name.endsWith('_tmp'));
    await types.runAttempt('command', bench.context({ command: 'false' }));
    expect(files()).toEqual([]);
    await types.runAttempt('command', bench.context({ command: 'true' }));
    expect(files()).toHaveLength(2);
  });

  it('hands on the output properties, read once after the last command', async () => {
    const context = bench.context({
      command: `${fixture('writes-outputs')} '{"early":true}'`,
      'command.1': `${fixture('writes-outputs')} '{"rows":42,"big":12345678901234567890,"ok":true,"list":[1, {"a": null}],"t":"x y"}'`,
    });
    expect(await types.runAttempt('command', context)).toEqual({
      result: 'succeeded',
      outputs: { rows: '42', big: '12345678901234567890', ok: 'true', list: '[1,{"a":null}]', t: 'x y' },
    });
  });

  it.each([
    ['malformed JSON', '{"a":'],
    ['no object', '[1]'],
    ['a null value', '{"a":"1","b":null}'],
  ])('drops and logs output properties that are %s, and still succeeds', async (_title, json) => {
    const context = bench.context({ command: `${fixture('writes-outputs')} '${json}'` });
    expect(await types.runAttempt('command', context)).toEqual({ result: 'succeeded' });
    expect(bench.logLines.some((line) => line.startsWith('WARN The output properties are ignored: '))).toBe(true);
  });

  it('has no outputs when it fails', async () => {
    const context = bench.context({ command: `${fixture('writes-outputs')} '{"a":"1"}' 4` });
    expect(await types.runAttempt('command', context)).toEqual({
      result: 'failed',
      reason: expect.any(String) as unknown,
    });
  });

  it('runs in working.dir when that is inside the job directory', async () => {
    mkdirSync(join(bench.directory, 'sub'));
    for (const asked of ['sub', join(bench.directory, 'sub')]) {
      await types.runAttempt('command', bench.context({ command: 'pwd', 'working.dir': asked }));
    }
    const inside = `${bench.directory}/sub\n`;
    expect(bench.output()).toBe(inside + inside);
  });

  it.each(['/tmp', '..', 'missing', 'link', 'file'])('refuses the working.dir %s', async (asked) => {
    symlinkSync('/tmp', join(bench.directory, 'link'));
    writeFileSync(join(bench.directory, 'file'), '');
    const result = await types.runAttempt('command', bench.context({ command: 'pwd', 'working.dir': asked }));
    expect(result).toEqual({
      result: 'failed',
      reason: expect.stringContaining(`Specified working.dir is not valid: ${asked}. `) as unknown,
    });
    expect(existsSync(join(bench.directory, '.output'))).toBe(false);
  });

  it('writes the lines around the output that people know, without secrets', async () => {
    const properties = {
      command: 'echo --pw=swordfish',
      'db.password': 'swordfish',
      url: 'db?pw=swordfish',
      plain: '1',
    };
    await types.runAttempt('command', bench.context(properties, { attempt: 2 }));
    const text = bench.logLines.join('\n');
    expect(bench.logLines[0]).toBe('INFO Starting retry 2 of command job extract at 1700000000000.');
    expect(bench.logLines).toEqual(
      expect.arrayContaining([
        'INFO plain=1',
        'INFO db.password=[MASKED]',
        'INFO url=db?pw=[MASKED]',
        'INFO 1 command to execute.',
        'INFO Command: echo --pw=[MASKED]',
        `INFO Working directory: ${bench.directory}`,
      ]),
    );
    expect(text).toMatch(/INFO Environment variables: \{JOB_NAME=extract, /);
    expect(bench.logLines.at(-1)).toMatch(/^INFO Process with id \d+ completed successfully in \d+ seconds\.$/);
    expect(text).not.toContain('swordfish');
    expect(bench.output()).toBe('--pw=swordfish\n');
  });

  it('leaves background children alone when the main process ends by itself', async () => {
    const marker = `bench-${bench.directory}`;
    const context = bench.context({ command: `sh -c 'sleep 300 & echo $!'` }, { marker });
    expect((await types.runAttempt('command', context)).result).toBe('succeeded');
    const pid = Number(bench.output());
    expect(isAlive(pid)).toBe(true);

    expect(await killLeftProcesses({ marker })).toEqual({ endedBy: 'SIGTERM', survivors: [] });
    expect(isAlive(pid)).toBe(false);
    expect(await killLeftProcesses({ marker })).toEqual({ endedBy: 'nothing', survivors: [] });
  });

  describe('when it is killed', () => {
    it('reaches every descendant, also those with a session of their own and without a parent', async () => {
      const kill = new AbortController();
      const context = bench.context({ command: fixture('starts-daemons') }, { signal: kill.signal });
      const ended = types.runAttempt('command', context);
      const pids = await until(() => {
        const found = existsSync(context.outputFile) ? [...bench.output().matchAll(/pid (\d+)\n/g)] : [];
        return found.length === 4 && found.map((match) => Number(match[1]));
      });
      expect(pids.filter(isAlive)).toHaveLength(4);

      kill.abort();
      expect(await ended).toEqual({
        result: 'failed',
        reason: expect.stringMatching(/^The job was killed: process \d+, ended by SIGTERM\.$/) as unknown,
      });
      expect(pids.filter(isAlive)).toEqual([]);
    }, 30_000);

    it('forces a process that ignores SIGTERM once the grace is over, and says so', async () => {
      const kill = new AbortController();
      const context = bench.context(
        { command: fixture('ignores-sigterm'), 'command.1': 'echo never' },
        { signal: kill.signal, killGraceMs: 200 },
      );
      const ended = types.runAttempt('command', context);
      const pid = await until(() => {
        const found = existsSync(context.outputFile) && /ready (\d+)/.exec(bench.output());
        return found && Number(found[1]);
      });

      kill.abort();
      expect(await ended).toEqual({ result: 'failed', reason: expect.stringContaining('ended by SIGKILL') as unknown });
      expect(isAlive(pid)).toBe(false);
      expect(bench.output()).toContain('SIGTERM ignored');
      expect(bench.output()).not.toContain('never');
    }, 30_000);

    it('is a failure even if the process then ends with 0, and starts none of the commands left', async () => {
      const kill = new AbortController();
      const script = `sh -c 'trap "exit 0" TERM; echo ready; while :; do sleep 0.02; done'`;
      const context = bench.context({ command: script, 'command.1': 'echo never' }, { signal: kill.signal });
      const ended = types.runAttempt('command', context);
      await until(() => existsSync(context.outputFile) && bench.output() === 'ready\n');
      kill.abort();
      expect((await ended).result).toBe('failed');
      expect(bench.output()).not.toContain('never');
    });

    it('wakes a stopped process so that it can end', async () => {
      const kill = new AbortController();
      const context = bench.context({ command: `sh -c 'echo $$; kill -STOP $$'` }, { signal: kill.signal });
      const ended = types.runAttempt('command', context);
      const pid = await until(() => existsSync(context.outputFile) && Number(bench.output()));
      await until(() => /\) T /.test(readFileSync(`/proc/${pid}/stat`, 'latin1')));
      kill.abort();
      expect(await ended).toEqual({ result: 'failed', reason: expect.stringContaining('SIGTERM') as unknown });
    });

    it('does not start at all when it was killed before', async () => {
      const context = bench.context({ command: 'echo never' }, { signal: AbortSignal.abort() });
      expect(await types.runAttempt('command', context)).toEqual({
        result: 'failed',
        reason: 'The job was killed before it started.',
      });
      expect(existsSync(context.outputFile)).toBe(false);
    });
  });
});
