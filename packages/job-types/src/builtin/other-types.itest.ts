import { chmodSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Properties } from '@lockstep/domain';
import { createAttemptBench } from '../fixtures/attempt-bench.js';
import type { AttemptBench } from '../fixtures/attempt-bench.js';
import type { AttemptContext, AttemptResult } from '../job-type.js';
import { createJobTypes } from '../job-types.js';

let bench: AttemptBench;
beforeEach(() => void (bench = createAttemptBench()));
afterEach(() => bench.remove());

async function run(type: string, properties: Properties, more: Partial<AttemptContext> = {}): Promise<AttemptResult> {
  return (await createJobTypes()).runAttempt(type, bench.context(properties, more));
}

/** A client such as `hive` or `java` that prints its arguments, one a line, in a directory that comes first in the PATH. */
function fakeProgram(name: string): Partial<AttemptContext> {
  const path = join(bench.directory, name);
  writeFileSync(path, '#!/bin/sh\nfor word in "$@"; do echo "$word"; done\n');
  chmodSync(path, 0o755);
  return { baseEnvironment: { PATH: `${bench.directory}:${process.env['PATH']}` } };
}
const outputLines = (): string[] => bench.output().trimEnd().split('\n');

describe('a job of type shell', () => {
  it('is read by a real shell', async () => {
    expect((await run('shell', { script: 'x=1; for i in a b; do echo "$i$x"; done | tr a-z A-Z' })).result).toBe(
      'succeeded',
    );
    expect(outputLines()).toEqual(['A1', 'B1']);
  });

  it('stops at the first line that fails, unless its interpreter says otherwise', async () => {
    expect((await run('shell', { script: 'false\necho on' })).result).toBe('failed');
    expect((await run('shell', { command: 'false\necho on', 'shell.interpreter': '/bin/sh' })).result).toBe(
      'succeeded',
    );
    expect(outputLines()).toEqual(['on']);
  });

  it('says what is missing', async () => {
    expect(await run('shell', {})).toEqual({
      result: 'failed',
      reason: "A job of type shell needs the property 'script' (or 'command').",
    });
  });
});

describe('a job of type javaprocess', () => {
  it('runs java with memory, class path, class and arguments', async () => {
    const properties = {
      'java.class': 'com.example.Main',
      classpath: 'a.jar, lib/b.jar',
      'global.classpaths': 'common.jar',
      'global.jvm.args': '-Dg=1',
      'jvm.args': `'-Dazkaban.jobid=my job' -ea`,
      'main.args': 'one "two three"',
      Xmx: '1G',
    };
    expect((await run('javaprocess', properties, fakeProgram('java'))).result).toBe('succeeded');
    const words = ['-Dg=1', '-Dazkaban.jobid=my job', '-ea', '-Xms64M', '-Xmx1G', '-cp', 'common.jar:a.jar:lib/b.jar'];
    expect(outputLines()).toEqual([...words, 'com.example.Main', 'one', 'two three']);
  });

  it('takes the jars of its directory when no class path is given', async () => {
    for (const name of ['z.jar', 'a.jar', 'notes.txt']) writeFileSync(join(bench.directory, name), '');
    await run('javaprocess', { 'java.class': 'Main' }, fakeProgram('java'));
    expect(outputLines()).toEqual(['-Xms64M', '-Xmx256M', '-cp', 'a.jar:z.jar', 'Main']);
  });

  it('fails without jars and class path, with the sentence people search for', async () => {
    expect(await run('javaprocess', { 'java.class': 'Main' })).toEqual({
      result: 'failed',
      reason: "No classpath defined and no .jar files found in job directory. Can't run java command.",
    });
  });
});

describe('the types python, ruby and script', () => {
  const properties = { type: 'x', script: 'job.x', 'in.file': 'a b', empty: '', 'my.password': 'swordfish' };
  const words = ['job.x', '--in.file', 'a b', '--empty', '', '--my.password', 'swordfish'];
  it.each([
    ['python', 'python', {}],
    ['python', 'python3.99', { python: 'python3.99' }],
    ['ruby', 'ruby', {}],
    ['script', 'perl', { executable: 'perl' }],
  ])('run %s by %s with every other property as an argument', async (type, program, more) => {
    expect((await run(type, { ...properties, ...more }, fakeProgram(program))).result).toBe('succeeded');
    expect(bench.output()).toBe(`${words.join('\n')}\n`);
    expect(bench.logLines.join('\n')).not.toContain('swordfish');
  });

  it('need a script, and script an executable', async () => {
    expect(await run('python', {})).toMatchObject({ reason: "Job set up failed: Missing required property 'script'" });
    expect(await run('script', { script: 'x' })).toMatchObject({
      reason: "Job set up failed: Missing required property 'executable'",
    });
  });
});

describe('types that need a client program', () => {
  const cases: readonly [type: string, program: string, properties: Properties, words: readonly string[]][] = [
    [
      'hive',
      'hive',
      { 'hive.script': 'q.hql', 'hiveconf.a': '1', 'hivevar.day': '2024-01-01' },
      ['--hiveconf', 'a=1', '--hivevar', 'day=2024-01-01', '-f', 'q.hql'],
    ],
    [
      'hive',
      'hive',
      { 'azk.hive.action': 'execute.query', 'hive.query.02': 'select 2;', 'hive.query.01': 'select 1;' },
      ['-e', 'select 1;', 'select 2;'],
    ],
    [
      'pig',
      'pig',
      { 'pig.script': 's.pig', 'param.in': 'x', paramfile: 'p', 'pig.additional.jars': 'a.jar,b.jar' },
      ['-Dpig.additional.jars=a.jar:b.jar', '-param', 'in=x', '-param_file', 'p', '-f', 's.pig'],
    ],
    [
      'spark',
      'spark-submit',
      {
        'execution-jar': 'app.jar',
        params: 'x "y z"',
        master: 'yarn',
        class: 'Main',
        'conf.k': 'v',
        'flag.verbose': 'true',
      },
      ['--master', 'yarn', '--class', 'Main', '--conf', 'k=v', '--verbose', 'app.jar', 'x', 'y z'],
    ],
  ];
  it.each(cases)('%s calls %s with the keys of its plugin', async (type, program, properties, words) => {
    expect((await run(type, properties, fakeProgram(program))).result).toBe('succeeded');
    expect(outputLines()).toEqual(words);
  });
});

describe('a job of type http', () => {
  let server: Server;
  let base: string;
  let requests: { readonly method: string; readonly url: string; readonly body: string; readonly header: unknown }[];
  beforeEach(async () => {
    requests = [];
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (piece: Buffer) => (body += piece.toString()));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        requests.push({ method, url, body, header: headers['x-key'] });
        if (url === '/hang') return;
        const fails = url === '/flaky' && requests.length < 3;
        response.writeHead(fails ? 503 : url === '/missing' ? 404 : 200, {
          'content-type': 'application/json',
          'x-id': '7',
        });
        response.end(JSON.stringify({ items: [{ id: 41 }, { id: 'b' }] }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('sends a request and hands on what was asked for', async () => {
    const result = await run('http', {
      'http.url': `${base}/things?x=1`,
      'http.method': 'post',
      'http.header.X-Key': 'k',
      'http.body': '{"a":1}',
      'http.output.first': '$.items[0].id',
      'http.output.second': '$["items"][1].id',
      'http.output.rest': '$.items',
      'http.output.id': 'header:X-Id',
    });
    expect(requests).toEqual([{ method: 'POST', url: '/things?x=1', body: '{"a":1}', header: 'k' }]);
    const outputs = { 'http.status': '200', first: '41', second: 'b', rest: '[{"id":41},{"id":"b"}]', id: '7' };
    expect(result).toEqual({ result: 'succeeded', outputs });
    expect(bench.output()).toContain('"items"');
  });

  const failures: readonly [title: string, properties: Properties, reason: RegExp][] = [
    ['an unexpected status', { 'http.url': '/missing' }, /status 404; expected is 200-299\.$/],
    [
      'an output that is not there',
      { 'http.url': '/', 'http.output.a': '$.nothing' },
      /\$\.nothing is not in the answer/,
    ],
    [
      'an output nobody can read',
      { 'http.url': '/', 'http.output.a': '$.items[*]' },
      /cannot be read from "\[\*\]" on/,
    ],
    ['no answer in time', { 'http.url': '/hang', 'http.timeout': '50ms' }, /no answer within 50 ms/],
    ['a bad range', { 'http.url': '/', 'http.expected.status': '2xx' }, /has "2xx"/],
  ];
  it.each(failures)('fails with %s', async (_title, { 'http.url': path = '', ...properties }, reason) => {
    expect(await run('http', { ...properties, 'http.url': base + path })).toEqual({
      result: 'failed',
      reason: expect.stringMatching(reason) as unknown,
    });
  });

  it('fails when nobody listens, and with a URL that is none', async () => {
    expect(await run('http', { 'http.url': 'http://127.0.0.1:1/' })).toMatchObject({ result: 'failed' });
    expect(await run('http', { 'http.url': 'here' })).toMatchObject({
      reason: expect.stringContaining('here') as unknown,
    });
    expect(await run('http', {})).toMatchObject({ reason: "Job set up failed: Missing required property 'http.url'" });
  });

  it('takes a status that is expected, and tries again when told to', async () => {
    expect((await run('http', { 'http.url': `${base}/missing`, 'http.expected.status': '200,404' })).result).toBe(
      'succeeded',
    );
    requests = [];
    const result = await run('http', { 'http.url': `${base}/flaky`, 'http.retries': '2', 'http.retry.wait': '1ms' });
    expect(result.result).toBe('succeeded');
    expect(requests).toHaveLength(3);
  });

  it('ends at once when it is killed', async () => {
    const kill = new AbortController();
    const ended = run('http', { 'http.url': `${base}/hang`, 'http.retries': '5' }, { signal: kill.signal });
    while (requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    kill.abort();
    expect(await ended).toEqual({ result: 'failed', reason: 'The job was killed.' });
  });
});
