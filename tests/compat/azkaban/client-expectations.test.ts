import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestJobType, type TestJobType } from '@lockstep/job-types';
import type { Answer, Call, JsonObject, Parameters } from './azkaban-api.js';
import { startCompatServer, type CompatServer } from './compat-server.js';
import { startFlow, uploadDemoProjects } from './demo-projects.js';
import { multipart } from './multipart.js';
import { waitForEnd, waitForStatus } from './wait-for-end.js';
import { zipOfFiles } from './zip-of-project.js';

/** What tools written for Azkaban read in its answers, call by call. */

let server: CompatServer;
let testJobs: TestJobType;
let finished: number;
beforeAll(async () => {
  testJobs = createTestJobType();
  server = await startCompatServer({ jobTypes: [testJobs.jobType] });
  await uploadDemoProjects(server);
  finished = await startFlow(server, { project: 'demo', flow: 'outer' });
  await waitForEnd(server, finished);
}, 60_000);
afterAll(async () => server?.stop(), 60_000);

const ask = (path: string, form: Parameters): Promise<JsonObject> =>
  server.api.json(path, { form: { ...form, 'session.id': server.session } });

/** As a browser that has logged in. */
const get = (path: string, cookies = ''): Promise<Answer> =>
  server.api.call(path, { headers: { Cookie: `azkaban.browser.session.id=${server.session}${cookies}` } });

describe('creating a project', () => {
  it('answers three keys', async () => {
    const answer = await ask('/manager', { action: 'create', name: 'made', description: 'x' });
    expect(answer).toEqual({ path: 'manager?project=made', action: 'redirect', status: 'success' });
  });

  const badName = "Project names must start with a letter, followed by any number of letters, digits, '-' or '_'.";
  it.each([
    ['demo', 'x', 'Project already exists.'],
    ['other', '', 'Description cannot be empty.'],
    ['', 'x', 'Project name cannot be empty.'],
    ['1st', 'x', badName],
    ['a b', 'x', badName],
    ['a/b', 'x', badName],
  ])('is refused word for word: name "%s", description "%s"', async (name, description, message) => {
    expect(await ask('/manager', { action: 'create', name, description })).toMatchObject({ status: 'error', message });
  });
});

describe('deleting a project', () => {
  it.each(['true', '1', ''])('tells the outcome in a cookie that the start page shows: delete=%s', async (value) => {
    const name = `gone${value}`;
    await ask('/manager', { action: 'create', name, description: 'x' });
    const answer = await get(`/manager?project=${name}&delete=${value}`);
    const text = `Project '${name}' was successfully deleted and associated schedules are removed.`;
    expect({ status: answer.status, location: answer.headers.location, text: answer.text }).toEqual({
      status: 302,
      location: `${server.api.url}/`,
      text: '',
    });
    expect(answer.headers['set-cookie']).toEqual([`azkaban.success.message="${text}";Path=/`]);

    const page = await get('/index', `; azkaban.success.message="${text}"`);
    expect(page.text).toContain(text);
    // To a client that keeps no cookies the root is the login page.
    expect((await server.api.call('/')).status).toBe(200);
    expect(await ask('/manager', { ajax: 'getProjectId', project: name })).toHaveProperty('error');
  });

  it('of one that is not there sets the failure cookie and no other', async () => {
    const answer = await get('/manager?project=never&delete=true');
    expect(answer.status).toBe(302);
    expect(answer.headers['set-cookie']).toEqual([`azkaban.failure.message="Project never doesn't exist.";Path=/`]);
  });
});

describe('a call about something that is not there', () => {
  const missing = { project: 'never', flow: 'quick' };
  it.each<[string, string, Parameters, RegExp]>([
    ['fetchprojectflows', '/manager', missing, /doesn't exist/],
    ['fetchflowgraph', '/manager', missing, /doesn't exist/],
    ['fetchFlowExecutions', '/manager', { ...missing, start: 0, length: 1 }, /doesn't exist/],
    ['fetchflowgraph', '/manager', { project: 'demo', flow: 'never' }, /Flow never not found in project demo/],
    ['executeFlow', '/executor', missing, /Project 'never' doesn't exist/],
    ['executeFlow', '/executor', { project: 'demo', flow: 'never' }, /Flow 'never' cannot be found/],
    ['getRunning', '/executor', missing, /not found/],
    ['flowInfo', '/executor', { project: 'demo', flow: 'never' }, /doesn't exist/],
    ...['fetchexecflow', 'cancelFlow', 'pauseFlow', 'resumeFlow', 'retryFailedJobs', 'flowInfo'].map(
      (ajax): [string, string, Parameters, RegExp] => [
        ajax,
        '/executor',
        { execid: 999_999 },
        /Cannot find execution '999999'/,
      ],
    ),
  ])('%s %s %j is answered 200 with an error', async (ajax, path, parameters, error) => {
    const { status, text } = await server.api.call(path, {
      form: { ajax, ...parameters, 'session.id': server.session },
    });
    expect(status).toBe(200);
    expect((JSON.parse(text) as { error: string }).error).toMatch(error);
  });

  it('is an upload with its own words', async () => {
    const { text } = await server.api.call('/manager', await uploadTo('never'));
    expect(JSON.parse(text)).toEqual({ error: expect.stringContaining("doesn't exist") });
  });

  async function uploadTo(project: string): Promise<Call> {
    return multipart([
      {
        name: 'file',
        content: await zipOfFiles({ 'a.job': 'type=noop\n' }),
        fileName: 'a.zip',
        type: 'application/octet-stream',
      },
      { name: 'project', content: project },
      { name: 'ajax', content: 'upload' },
      { name: 'session.id', content: server.session },
    ]);
  }
});

describe('controlling an execution', () => {
  it.each(['cancelFlow', 'pauseFlow', 'resumeFlow'])('%s of one that has ended says so', async (ajax) => {
    const answer = await ask('/executor', { ajax, execid: finished });
    expect(answer['error']).toBe(`Execution ${finished} of flow outer isn't running.`);
    expect(answer['resume']).toBe(ajax === 'resumeFlow' ? answer['error'] : undefined);
  });

  it('gives an empty object in the original layout when it succeeds', async () => {
    const execid = await startFlow(server, { project: 'busy', flow: 'held' });
    await waitForStatus(server, execid, (status) => status === 'RUNNING');
    for (const ajax of ['pauseFlow', 'resumeFlow', 'cancelFlow']) {
      const { text } = await server.api.call('/executor', { form: { ajax, execid, 'session.id': server.session } });
      expect(text).toBe('{\n}');
    }
    expect(await waitForEnd(server, execid)).toBe('KILLED');
  });
});

describe('starting a flow', () => {
  it('answers four keys, or a refusal with error and flow', async () => {
    const first = await ask('/executor', { ajax: 'executeFlow', project: 'busy', flow: 'held' });
    const execid = first['execid'] as number;
    expect(first).toEqual({
      project: 'busy',
      message: `Execution queued successfully with exec id ${execid}`,
      flow: 'held',
      execid,
    });
    const refused = await ask('/executor', {
      ajax: 'executeFlow',
      project: 'busy',
      flow: 'held',
      concurrentOption: 'skip',
    });
    expect(refused).toEqual({
      project: 'busy',
      flow: 'held',
      error: 'Error submitting flow held. Flow held is already running. Skipping execution.',
      execid: -1,
    });
    await end([execid]);
  });

  it.each([
    ['ignore', 'Will execute concurrently. '],
    ['concurrent', 'Will execute concurrently. '],
    ['pipeline', 'Pipelining level 1. '],
  ])('beside another (%s) begins with the words clients look for', async (concurrentOption, words) => {
    const first = await startFlow(server, { project: 'busy', flow: 'held' });
    const options = { concurrentOption, pipelineLevel: 1, disabled: '[]' };
    const second = await ask('/executor', { ajax: 'executeFlow', project: 'busy', flow: 'held', ...options });
    expect(second['message']).toBe(
      `Flow held is already running with exec id ${first}. ${words}\nExecution queued successfully with exec id ${String(second['execid'])}`,
    );
    await end([first, second['execid'] as number]);
  });

  it.each([
    ['a@x.y,b@x.y;c@x.y d@x.y', ['a@x.y', 'b@x.y', 'c@x.y', 'd@x.y']],
    [' a@x.y , ;b@x.y\n', ['a@x.y', 'b@x.y']],
    ['', []],
  ])('takes addresses separated by anything: %j', async (failureEmails, addresses) => {
    const execid = await startFlow(server, {
      project: 'busy',
      flow: 'quick',
      failureEmails,
      failureEmailsOverride: 'True',
    });
    expect(await ask('/executor', { ajax: 'flowInfo', execid })).toMatchObject({ failureEmails: addresses });
  });

  it.each(['[]', ''])('takes %j for nothing disabled', async (disabled) => {
    const execid = await startFlow(server, { project: 'busy', flow: 'quick', disabled });
    expect(await ask('/executor', { ajax: 'flowInfo', execid })).toMatchObject({ disabled: [] });
  });

  it('does not leave it waiting for long', async () => {
    const execid = await startFlow(server, { project: 'busy', flow: 'held' });
    const startedAt = performance.now();
    await waitForStatus(server, execid, (status) => status === 'RUNNING');
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    await end([execid]);
  });

  async function end(ids: readonly number[]): Promise<void> {
    for (const execid of ids) await ask('/executor', { ajax: 'cancelFlow', execid });
    for (const execid of ids) expect(await waitForEnd(server, execid)).toBe('KILLED');
  }
});

describe('keys and types', () => {
  it('has no execIds where nothing runs', async () => {
    expect(await ask('/executor', { ajax: 'getRunning', project: 'demo', flow: 'quick' })).toEqual({});
  });

  it('has whole numbers where strictly typed clients decode them', async () => {
    const page = await ask('/manager', {
      ajax: 'fetchFlowExecutions',
      project: 'demo',
      flow: 'outer',
      start: 0,
      length: 5,
    });
    const { projects } = await ask('/index', { ajax: 'fetchallprojects' });
    const [row] = page['executions'] as readonly JsonObject[];
    const [project] = projects as readonly JsonObject[];
    const update = await ask('/executor', { ajax: 'fetchexecflowupdate', execid: finished, lastUpdateTime: -1 });
    const numbers = {
      ...pick(page, ['total', 'length', 'from', 'projectId']),
      ...pick(row, ['execId', 'submitTime', 'startTime', 'endTime']),
      ...pick(project, ['createdTime']),
      ...pick(update, ['attempt', 'updateTime']),
    };
    expect(Object.entries(numbers).filter(([, value]) => !Number.isInteger(value))).toEqual([]);
    expect(pick(project, ['projectName', 'createdBy'])).toEqual({
      projectName: expect.any(String),
      createdBy: 'azkaban',
    });
    expect(pick(row, ['status', 'flowId', 'submitUser'])).toEqual({
      status: 'SUCCEEDED',
      flowId: 'outer',
      submitUser: 'azkaban',
    });
  });

  it('says -1 for a time that has not come, of the flow and of every node', async () => {
    const execid = await startFlow(server, { project: 'busy', flow: 'held' });
    await testJobs.whenRunning('held', execid);
    const execution = await ask('/executor', { ajax: 'fetchexecflow', execid });
    expect(execution).toMatchObject({ status: 'RUNNING', startTime: expect.any(Number), endTime: -1 });
    expect(execution['nodes']).toEqual([
      expect.objectContaining({ id: 'held', status: 'RUNNING', endTime: -1, attempt: 0 }),
    ]);
    await ask('/executor', { ajax: 'cancelFlow', execid });
    await waitForEnd(server, execid);
  });

  it('says -1 for nodes that were never reached, and tells their keys all the same', async () => {
    const execid = await startFlow(server, { project: 'busy', flow: 'outer', disabled: '["inner"]' });
    await waitForEnd(server, execid);
    const { nodes } = await ask('/executor', { ajax: 'fetchexecflow', execid });
    const inner = (nodes as readonly JsonObject[]).find(({ id }) => id === 'inner');
    expect(inner).toMatchObject({ status: 'SKIPPED', nodes: expect.any(Array) });
    for (const node of inner?.['nodes'] as readonly JsonObject[]) {
      expect(node).toMatchObject({ status: 'READY', startTime: -1, endTime: -1, attempt: 0 });
    }
  });

  it('gives every node its eight keys, `in` only with dependencies, and past attempts only where there are some', async () => {
    const retried = await startFlow(server, { project: 'busy', flow: 'failing' });
    expect(await waitForEnd(server, retried)).toBe('FAILED');
    const nodes = [...(await nodesOf(finished)), ...(await nodesOf(retried))];
    for (const node of nodes) {
      expect(node).toMatchObject({
        id: expect.any(String),
        nestedId: expect.any(String),
        type: expect.any(String),
        status: expect.any(String),
        attempt: expect.any(Number),
        startTime: expect.any(Number),
        endTime: expect.any(Number),
        updateTime: expect.any(Number),
      });
    }
    const withDependencies = nodes.filter((node) => 'in' in node).map((node) => [node['nestedId'], node['in']]);
    expect(withDependencies.toSorted()).toEqual([
      ['inner:quick', ['first']],
      ['outer', ['inner']],
    ]);
    const withPast = nodes.filter((node) => 'pastAttempts' in node);
    expect(withPast).toEqual([
      expect.objectContaining({
        nestedId: 'failing',
        attempt: 1,
        pastAttempts: [{ startTime: expect.any(Number), endTime: expect.any(Number), attempt: 0, status: 'FAILED' }],
      }),
    ]);
  });

  async function nodesOf(execid: number): Promise<readonly JsonObject[]> {
    const inside = (node: JsonObject): readonly JsonObject[] =>
      ((node['nodes'] ?? []) as readonly JsonObject[]).flatMap((child) => [child, ...inside(child)]);
    return inside(await ask('/executor', { ajax: 'fetchexecflow', execid }));
  }

  function pick(object: JsonObject | undefined, keys: readonly string[]): JsonObject {
    return Object.fromEntries(keys.map((key) => [key, object?.[key]]));
  }
});

describe('logs', () => {
  const slice = async (parameters: Parameters) => {
    const answer = await ask('/executor', {
      execid: finished,
      ajax: 'fetchExecJobLogs',
      jobId: 'inner:first',
      ...parameters,
    });
    return answer as { readonly data: string; readonly offset: number; readonly length: number };
  };

  it('are read to their end by slices, offset plus length leading on; past the end there is nothing', async () => {
    const whole = await slice({ offset: 0, length: 9_999_999 });
    expect(whole.data).toContain(' first INFO - first line\n');
    let text = '';
    let offset = 0;
    for (;;) {
      const part = await slice({ offset, length: 97 });
      expect(part.offset).toBe(offset);
      if (part.length === 0) break;
      text += part.data;
      offset += part.length;
    }
    expect(text).toBe(whole.data);
    expect(offset).toBe(whole.length);
    expect(await slice({ offset: offset + 1000, length: 100 })).toEqual({ length: 0, offset: offset + 1000, data: '' });
  });

  it('count bytes and escape what HTML does', async () => {
    const { data, length } = await slice({ offset: 0, length: 9_999_999 });
    expect(data).toContain('INFO - &lt;b&gt; &amp; &quot;quoted&quot; &auml;\n');
    const raw = data
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&auml;', '\u00e4')
      .replaceAll('&amp;', '&');
    expect(length).toBe(Buffer.byteLength(raw));
  });

  it('of a job that has not started are empty, and of one that does not exist an error', async () => {
    const execid = await startFlow(server, { project: 'busy', flow: 'outer', disabled: '["inner"]' });
    await waitForEnd(server, execid);
    expect(await slice({ execid, jobId: 'inner:first', offset: 0, length: 100 })).toEqual({
      length: 0,
      offset: 0,
      data: '',
    });
    expect(await slice({ execid, jobId: 'never', offset: 0, length: 100 })).toEqual({
      error: `Job never doesn't exist in ${execid}`,
    });
  });
});

describe('what scripts read besides', () => {
  it('is the project id in getPermissions, and the ids of jobs in fetchflowjobs', async () => {
    const { projectId } = await ask('/manager', { ajax: 'getProjectId', project: 'demo' });
    expect(await ask('/manager', { ajax: 'getPermissions', project: 'demo' })).toEqual({
      permissions: [{ permission: ['ADMIN'], username: 'azkaban' }],
      project: 'demo',
      projectId,
    });
    const { nodes } = await ask('/manager', { ajax: 'fetchflowjobs', project: 'demo', flow: 'outer' });
    expect(nodes).toEqual([
      { level: 0, dependents: ['outer'], id: 'inner', dependencies: [] },
      { level: 1, dependents: [], id: 'outer', dependencies: ['inner'] },
    ]);
    const unknown = { ajax: 'fetchflowjobs', project: 'demo', flow: 'never', 'session.id': server.session };
    expect((await server.api.call('/manager', { form: unknown })).status).toBe(500);
  });

  it('is the page of all projects, also when the parameter has no value', async () => {
    for (const query of ['all', 'all=', 'all=true']) {
      const { text } = await server.api.call(`/index?${query}&session.id=${server.session}`);
      const infos = [
        ...text.matchAll(/<div class="project-info">([\s\S]*?)<\/div>\s*<div class="project-expander" id="([^"]+)">/g),
      ];
      expect(infos.map(([, , id]) => id)).toEqual(expect.arrayContaining(['demo', 'busy']));
      const [, demo = ''] = infos.find(([, , id]) => id === 'demo') ?? [];
      expect(demo).toContain('<a href="/manager?project=demo">demo</a>');
      const modified = /<p class="project-last-modified">([\s\S]*?)<\/p>/.exec(demo)?.[1] ?? '';
      expect(
        modified
          .replace(/<[^>]+>/g, '')
          .split('\n')
          .at(-1)
          ?.trim(),
      ).toBe('azkaban.');
    }
  });

  it('is the archive, as it was uploaded', async () => {
    const zip = await zipOfFiles({ 'only.job': 'type=noop\n' });
    const uploaded = JSON.parse(
      (await server.upload({ name: 'archive', zip, fileName: 'my archive.zip' })).text,
    ) as JsonObject;
    const response = await fetch(
      `${server.api.url}/manager?project=archive&download=true&session.id=${server.session}`,
    );
    expect(
      Object.fromEntries(
        ['content-type', 'content-disposition', 'version', 'projectid'].map((name) => [
          name,
          response.headers.get(name),
        ]),
      ),
    ).toEqual({
      'content-type': 'application/zip',
      'content-disposition': 'attachment; filename="my archive.zip"',
      version: uploaded['version'],
      projectid: uploaded['projectId'],
    });
    expect(Buffer.from(await response.arrayBuffer()).equals(zip)).toBe(true);
  });
});
