import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createAttemptBench } from '../fixtures/attempt-bench.js';
import type { AttemptBench } from '../fixtures/attempt-bench.js';
import { createJobTypes } from '../job-types.js';
import { readPluginFolder } from './read-plugin-folder.js';

describe('a folder of job type plugins', () => {
  let bench: AttemptBench;
  let pluginDir: string;
  beforeEach(() => {
    bench = createAttemptBench();
    pluginDir = join(bench.directory, 'jobtypes');
    mkdirSync(pluginDir);
  });
  afterEach(() => bench.remove());

  const put = (path: string, ...lines: readonly string[]): void => {
    mkdirSync(join(pluginDir, path, '..'), { recursive: true });
    writeFileSync(join(pluginDir, path), lines.join('\n'));
  };

  it('gives jobs visible defaults and keeps private settings from them', () => {
    put('common.properties', 'a=common', 'b=common');
    put('commonprivate.properties', 'p=common', 'q=common');
    put('tool/plugin.properties', 'b=tool', 'c=tool');
    put('tool/private.properties', 'q=tool');
    put('no-plugin/plugin.properties', 'x=1');
    const directory = join(pluginDir, 'tool');
    expect(readPluginFolder(pluginDir)).toEqual({
      commonDefaults: { a: 'common', b: 'common' },
      plugins: [
        {
          type: 'tool',
          directory,
          defaults: { a: 'common', b: 'tool', c: 'tool', 'plugin.dir': directory },
          settings: { p: 'common', q: 'tool', 'plugin.dir': directory },
        },
      ],
      problems: [],
    });
  });

  it('makes a type of a command template', async () => {
    put('tool/private.properties', 'lockstep.command=echo [ --queue {queue} ] -f "{tool.script}" {home}', 'home=/opt');
    const types = await createJobTypes({ pluginDir });
    const fails = await types.runAttempt('tool', bench.context({}));
    expect(fails).toEqual({ result: 'failed', reason: "Job set up failed: Missing required property 'tool.script'" });
    await types.runAttempt('tool', bench.context({ 'tool.script': 'a b' }));
    await types.runAttempt('tool', bench.context({ 'tool.script': 'c', queue: 'q', home: '/mine' }));
    expect(bench.output()).toBe('-f a b /opt\n--queue q -f c /mine\n');
  });

  it('maps a name to a built-in type', async () => {
    put('bash/private.properties', 'lockstep.type=shell');
    put('bash/plugin.properties', 'shell.interpreter=/bin/bash -e');
    const types = await createJobTypes({ pluginDir });
    expect(types.find('bash')?.name).toBe('bash');
    expect(types.defaultsOf('bash')['shell.interpreter']).toBe('/bin/bash -e');
    expect((await types.runAttempt('bash', bench.context({ script: 'echo hi | cat' }))).result).toBe('succeeded');
    expect(bench.output()).toBe('hi\n');
  });

  it('runs a JavaScript module', async () => {
    put('js/private.properties', 'lockstep.module=job.mjs', 'token=t');
    put(
      'js/job.mjs',
      'export function createJob({ jobId, properties, privateProperties, log }) {',
      "  return { run: async () => { log('INFO', 'hello'); if (properties.fail) throw new Error('as told');",
      '    return { who: jobId, n: 1, token: privateProperties.token }; } };',
      '}',
    );
    const types = await createJobTypes({ pluginDir });
    expect(types.problems).toEqual([]);
    expect(await types.runAttempt('js', bench.context({}))).toEqual({
      result: 'succeeded',
      outputs: { who: 'extract', n: '1', token: 't' },
    });
    expect(bench.logLines).toContain('INFO hello');
    expect(await types.runAttempt('js', bench.context({ fail: '1' }))).toEqual({ result: 'failed', reason: 'as told' });
  });

  it('cancels a module when the job is killed, and does not wait for ever for one that does not end', async () => {
    put('js/private.properties', 'lockstep.module=job.mjs');
    put(
      'js/job.mjs',
      'export function createJob({ properties, log }) {',
      '  let end;',
      "  return { run: () => new Promise((resolve) => { end = resolve; log('INFO', 'runs'); }),",
      "    cancel: () => { log('INFO', 'cancel'); if (properties.obeys) end(); } };",
      '}',
    );
    const types = await createJobTypes({ pluginDir });
    for (const [properties, reason] of [
      [{ obeys: '1' }, 'The job was killed.'],
      [{}, 'The job was killed; its module did not end within 20 ms and was left behind.'],
    ] as const) {
      const kill = new AbortController();
      const log = (_level: string, text: string): void => {
        bench.logLines.push(text);
        if (text === 'runs') setImmediate(() => kill.abort());
      };
      const context = bench.context(properties, { signal: kill.signal, killGraceMs: 20, log });
      expect(await types.runAttempt('js', context)).toEqual({ result: 'failed', reason });
      expect(bench.logLines.filter((line) => line === 'cancel')).toHaveLength(1);
      bench.logLines.length = 0;
    }
  });

  it('skips what is broken, says so, and loads the rest', async () => {
    put('a-java/private.properties', 'jobtype.class=com.example.Job');
    put('b-missing/private.properties', 'lockstep.module=missing.mjs');
    put('c-wrong/private.properties', 'lockstep.module=wrong.mjs');
    put('c-wrong/wrong.mjs', 'export const createJob = 1;');
    put('d-open/private.properties', 'lockstep.command=x [ {y}');
    put('e-alias/private.properties', 'lockstep.type=nothing');
    put('f-escape/private.properties', 'lockstep.command=x', 'y=\\u12');
    put('good/private.properties', 'lockstep.command=true');
    const types = await createJobTypes({ pluginDir });
    expect((await types.runAttempt('good', bench.context({}))).result).toBe('succeeded');
    const told = types.problems.join('\n');
    expect(told).toMatch(/"a-java".*class com\.example\.Job is for Azkaban's own JVM/);
    expect(told).toMatch(/"b-missing".*ENOENT/);
    expect(told).toMatch(/"c-wrong".*does not export a function createJob/);
    expect(told).toMatch(/"d-open".*"\[" without a "\]"/);
    expect(told).toMatch(/"e-alias".*lockstep\.type=nothing is not a built-in type; those are command, /);
    expect(told).toMatch(/f-escape/);
  });

  it('may be missing', async () => {
    expect((await createJobTypes({ pluginDir: join(pluginDir, 'nowhere') })).problems).toEqual([]);
  });
});
