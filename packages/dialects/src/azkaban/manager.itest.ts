import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { aDefinition, aFlow, aNode, aProject, anExecution } from '../fakes/fake-services.js';
import { type Answer, type TestServer, startTestServer } from '../fakes/test-server.js';

let server: TestServer;
let session = '';
beforeAll(async () => {
  server = await startTestServer();
  session = await server.login();
});
afterAll(() => server.stop());
beforeEach(() => {
  server.world.projects.clear();
  server.world.executions.clear();
  server.world.events.length = 0;
  server.world.locks.clear();
  server.world.projects.set('demo', aProject('demo'));
});

const ask = (query: string, id = session): Promise<Answer> => server.call(`/manager?${query}&session.id=${id}`);
const ajax = async (query: string, id = session): Promise<string> => (await ask(`ajax=${query}`, id)).text;

describe('action=create', () => {
  const create = (query: string): Promise<Answer> =>
    server.call('/manager?action=create', { form: `session.id=${session}&${query}` });

  it('answers compactly and without a content type', async () => {
    const answer = await create('name=aaaa&description=11');
    expect(answer.text).toBe('{"path":"manager?project=aaaa","action":"redirect","status":"success"}');
    expect(answer.headers['content-type']).toBeUndefined();
  });

  it.each([
    ['name=&description=x', 'Project name cannot be empty.'],
    ['description=x', 'Project name cannot be empty.'],
    ['name=x&description=', 'Description cannot be empty.'],
    [
      'name=1x&description=x',
      "Project names must start with a letter, followed by any number of letters, digits, '-' or '_'.",
    ],
    ['name=demo&description=x', 'Project already exists.'],
  ])('refuses %s in the words clients compare', async (query, message) => {
    expect((await create(query)).text).toBe(`{"message":${JSON.stringify(message)},"status":"error"}`);
  });
});

describe('delete', () => {
  const DELETED = "Project 'demo' was successfully deleted and associated schedules are removed.";

  it('leads to the root, with the outcome in a cookie', async () => {
    const answer = await ask('project=demo&delete=true');
    expect([answer.status, answer.text, answer.headers.location]).toEqual([302, '', `${server.url}/`]);
    expect(answer.headers['set-cookie']).toEqual([`azkaban.success.message="${DELETED}";Path=/`]);
    expect(answer.headers['expires']).toBe('Thu, 01-Jan-1970 00:00:00 GMT');
  });

  it('is told at the root with and without a session, once', async () => {
    const flash = `azkaban.success.message="${DELETED}"`;
    const without = await server.call('/', { headers: { Cookie: flash } });
    expect(without.text).toContain(DELETED);
    const index = await server.call(`/index?session.id=${session}`, { headers: { Cookie: flash } });
    expect(index.text).toContain(DELETED);
    for (const { headers } of [without, index]) {
      expect(headers['set-cookie']).toEqual(
        expect.arrayContaining(['azkaban.success.message=;Path=/', 'azkaban.failure.message=;Path=/']),
      );
    }
  });

  it('reports a missing project as failure and never touches the success cookie', async () => {
    const answer = await ask('project=gone&delete=1');
    expect(answer.headers.location).toBe(`${server.url}/`);
    expect(answer.headers['set-cookie']).toEqual([`azkaban.failure.message="Project gone doesn't exist.";Path=/`]);
  });

  it('sends somebody who may not back to the project', async () => {
    const answer = await ask('project=demo&delete=true', await server.login('reader'));
    expect(answer.headers.location).toBe(`${server.url}/manager?project=demo`);
    expect(answer.headers['set-cookie']).toEqual([
      `azkaban.failure.message="Cannot delete. User 'reader' is not an ADMIN.";Path=/`,
    ]);
  });

  it('cannot be made to write headers or markup', async () => {
    const answer = await ask(`project=${encodeURIComponent('x\r\nSet-Cookie: a=b;<b>')}&delete=true`);
    expect(answer.headers['set-cookie']).toHaveLength(1);
    const [cookie = ''] = answer.headers['set-cookie']?.[0]?.split(';Path=/') ?? [];
    const { text } = await server.call('/', { headers: { Cookie: cookie } });
    expect(text).toContain('&lt;b&gt;');
    expect(text).not.toContain('<b>');
  });
});

describe('ajax calls', () => {
  it.each([
    ['getProjectId&project=demo', '{\n  "project" : "demo",\n  "projectId" : 192\n}'],
    ['getProjectId&project=x', '{\n  "project" : "x",\n  "error" : "Project x doesn\'t exist."\n}'],
    [
      'fetchprojectflows&project=demo',
      '{\n  "flows" : [ {\n    "flowId" : "test"\n  } ],\n  "project" : "demo",\n  "projectId" : 192\n}',
    ],
    [
      'fetchflowgraph&project=demo&flow=test',
      '{\n  "nodes" : [ {\n    "id" : "a",\n    "type" : "command"\n  }, {\n    "in" : [ "a" ],\n    "id" : "b",\n    "type" : "command"\n  } ],\n  "project" : "demo",\n  "projectId" : 192,\n  "flow" : "test"\n}',
    ],
    [
      'fetchflowgraph&project=demo&flow=x',
      '{\n  "project" : "demo",\n  "error" : "Flow x not found in project demo",\n  "projectId" : 192\n}',
    ],
    [
      'fetchflowjobs&project=demo&flow=test',
      '{\n  "nodes" : [ {\n    "level" : 0,\n    "dependents" : [ "b" ],\n    "id" : "a",\n    "dependencies" : [ ]\n  }, {\n    "level" : 1,\n    "dependents" : [ ],\n    "id" : "b",\n    "dependencies" : [ "a" ]\n  } ],\n  "isLocked" : false,\n  "project" : "demo",\n  "projectId" : 192,\n  "flowId" : "test"\n}',
    ],
    [
      'fetchflownodedata&project=demo&flow=test&node=b',
      '{\n  "project" : "demo",\n  "id" : "b",\n  "type" : "command",\n  "projectId" : 192,\n  "flow" : "test",\n  "props" : {\n  }\n}',
    ],
    [
      'fetchflownodedata&project=demo&flow=test&node=x',
      '{\n  "project" : "demo",\n  "error" : "Job x doesn\'t exist.",\n  "projectId" : 192\n}',
    ],
    [
      'fetchJobInfo&project=demo&flowName=test&jobName=x',
      '{\n  "project" : "demo",\n  "error" : "Job x not found in flow test",\n  "projectId" : 192\n}',
    ],
    [
      'fetchJobInfo&project=demo&flowName=x&jobName=a',
      '{\n  "project" : "demo",\n  "error" : "Flow x not found in project demo",\n  "projectId" : 192\n}',
    ],
    [
      'explainJob&project=demo&flow=test&job=a&flowOverride[region]=eu',
      '{\n  "project" : "demo",\n  "projectId" : 192,\n  "flow" : "test",\n  "job" : "a",\n  "attempt" : 0,\n  "properties" : [ {\n    "key" : "region",\n    "value" : "eu",\n    "raw" : "${zone}",\n    "origin" : {\n      "kind" : "flow-parameter"\n    },\n    "overrides" : [ {\n      "value" : "asia",\n      "origin" : {\n        "kind" : "file",\n        "path" : "common.properties"\n      }\n    } ],\n    "knownAtRunTime" : false\n  } ],\n  "outputsToCome" : [ "a" ]\n}',
    ],
    [
      'explainJob&project=demo&flow=test&job=unknown',
      '{\n  "project" : "demo",\n  "error" : "Flow \\"test\\" has no job \\"unknown\\".",\n  "projectId" : 192\n}',
    ],
    [
      'fetchflowdetails&project=demo&flow=test',
      '{\n  "project" : "demo",\n  "projectId" : 192,\n  "jobTypes" : [ "command" ]\n}',
    ],
    [
      'fetchflowdetails&project=demo&flow=x',
      '{\n  "project" : "demo",\n  "error" : "Flow x not found.",\n  "projectId" : 192\n}',
    ],
    [
      'fetchLastSuccessfulFlowExecution&project=demo&flow=test',
      '{\n  "success" : "false",\n  "project" : "demo",\n  "message" : "This flow has no successful run.",\n  "projectId" : 192\n}',
    ],
    [
      'fetchFlowExecutions&project=demo&flow=x&start=0&length=3',
      '{\n  "total" : 0,\n  "executions" : [ ],\n  "length" : 3,\n  "project" : "demo",\n  "from" : 0,\n  "projectId" : 192,\n  "flow" : "x"\n}',
    ],
    [
      'getPermissions&project=demo',
      '{\n  "permissions" : [ {\n    "permission" : [ "ADMIN" ],\n    "username" : "azkaban"\n  } ],\n  "project" : "demo",\n  "projectId" : 192\n}',
    ],
    ['getGroupPermissions&project=demo', '{\n  "permissions" : [ ],\n  "project" : "demo",\n  "projectId" : 192\n}'],
    ['getProxyUsers&project=demo', '{\n  "project" : "demo",\n  "projectId" : 192,\n  "proxyUsers" : [ "azkaban" ]\n}'],
    [
      'checkForWritePermission&project=demo',
      '{\n  "project" : "demo",\n  "projectId" : 192,\n  "hasWritePermission" : true\n}',
    ],
    ['changeDescription&project=demo&description=new', '{\n  "project" : "demo",\n  "projectId" : 192\n}'],
  ])('answer %s', async (query, text) => {
    expect(await ajax(query)).toBe(text);
  });

  it('answer by POST what they answer by GET', async () => {
    const answer = await server.call('/manager', { form: `ajax=getProjectId&project=demo&session.id=${session}` });
    expect(answer.text).toBe('{\n  "project" : "demo",\n  "projectId" : 192\n}');
    expect(answer.headers['content-type']).toBe('application/json');
  });

  it('name the permission that is missing', async () => {
    const nobody = await server.login('nobody');
    const denied = (permission: string): string =>
      `{\n  "project" : "demo",\n  "error" : "Permission denied. Need ${permission} access.",\n  "projectId" : 192\n}`;
    expect(await ajax('fetchprojectflows&project=demo', nobody)).toBe(denied('READ'));
    expect(await ajax('changeDescription&project=demo&description=x', nobody)).toBe(denied('WRITE'));
  });

  it('list executions newest first, with -1 for what has not happened', async () => {
    server.world.executions.set(
      304,
      anExecution(304, { status: 'FAILED', startedAt: 1407779473354, endedAt: 1407779495093 }),
    );
    server.world.executions.set(305, anExecution(305));
    expect(await ajax('fetchFlowExecutions&project=demo&flow=test&start=0&length=3')).toBe(
      '{\n  "total" : 2,\n  "executions" : [ {\n    "submitTime" : 1407779473318,\n    "submitUser" : "azkaban",\n    "startTime" : -1,\n    "endTime" : -1,\n    "flowId" : "test",\n    "projectId" : 192,\n    "execId" : 305,\n    "status" : "RUNNING"\n  }, {\n    "submitTime" : 1407779473318,\n    "submitUser" : "azkaban",\n    "startTime" : 1407779473354,\n    "endTime" : 1407779495093,\n    "flowId" : "test",\n    "projectId" : 192,\n    "execId" : 304,\n    "status" : "FAILED"\n  } ],\n  "length" : 3,\n  "project" : "demo",\n  "from" : 0,\n  "projectId" : 192,\n  "flow" : "test"\n}',
    );
  });

  it('write project events as rows', async () => {
    server.world.events.push(
      { projectId: 192, at: 2, user: 'azkaban', type: 'UPLOADED', message: 'Uploaded project files zip a.zip' },
      { projectId: 192, at: 1, user: 'azkaban', type: 'CREATED' },
    );
    expect(await ajax('fetchProjectLogs&project=demo')).toBe(
      '{\n  "columns" : [ "user", "time", "type", "message" ],\n  "logData" : [ [ "azkaban", 2, "UPLOADED", "Uploaded project files zip a.zip" ], [ "azkaban", 1, "CREATED", null ] ],\n  "project" : "demo",\n  "projectId" : 192\n}',
    );
  });

  it('nest embedded flows in the graph', async () => {
    const before = server.world.definition;
    server.world.definition = aDefinition(
      aFlow('outer', [
        aNode('sub', { type: 'flow', embeddedFlowId: 'outer:sub', condition: 'all_done', dependsOn: ['a'] }),
        aNode('a'),
      ]),
      aFlow('outer:sub', [aNode('x')], { embedded: true }),
    );
    expect(await ajax('fetchflowgraph&project=demo&flow=outer')).toBe(
      '{\n  "nodes" : [ {\n    "id" : "a",\n    "type" : "command"\n  }, {\n    "condition" : "all_done",\n    "nodes" : [ {\n      "id" : "x",\n      "type" : "command"\n    } ],\n    "in" : [ "a" ],\n    "id" : "sub",\n    "type" : "flow",\n    "flowId" : "outer:sub",\n    "flow" : "outer:sub"\n  } ],\n  "project" : "demo",\n  "projectId" : 192,\n  "flow" : "outer"\n}',
    );
    expect(await ajax('fetchflownodedata&project=demo&flow=outer&node=sub')).toBe(
      '{\n  "nodes" : [ {\n    "id" : "x",\n    "type" : "command"\n  } ],\n  "project" : "demo",\n  "id" : "sub",\n  "type" : "flow",\n  "projectId" : 192,\n  "flow" : "outer:sub",\n  "props" : {\n  }\n}',
    );
    expect(await ajax('fetchprojectflows&project=demo')).not.toContain('outer:sub');
    server.world.definition = before;
  });

  it.each([
    ['/manager?ajax=fetchflowgraph&project=demo', "Missing required parameter 'flow'."],
    ['/manager?ajax=fetchFlowExecutions&project=demo&flow=test&start=0', "Missing required parameter 'length'."],
    ['/manager?ajax=fetchFlowExecutions&project=demo&flow=test&start=x&length=3', 'For input string: "x"'],
    ['/manager?ajax=fetchflownodedata&project=demo&flow=x&node=a', 'Flow x not found in project demo'],
    ['/manager?ajax=fetchflowjobs&project=demo&flow=x', 'Flow x not found in project demo'],
    ['/executor?ajax=fetchexecflow&execid=abc', 'For input string: "abc"'],
    ['/index?doaction=search', "Missing required parameter 'searchterm'."],
  ])('answer %s with an error page', async (path, sentence) => {
    const { headers, status, text } = await server.call(`${path}&session.id=${session}`);
    expect(status).toBe(500);
    expect(headers['content-type']).toBe('text/html; charset=UTF-8');
    expect(text).toContain(`<title>Error 500 ${sentence}</title>`);
    expect(text).toContain(`<p>${sentence}</p>`);
  });

  it('need the project by POST, and show a page without one by GET', async () => {
    const post = await server.call('/manager', { form: `ajax=getProjectId&session.id=${session}` });
    expect([post.status, post.text.includes("Missing required parameter 'project'.")]).toEqual([500, true]);
    const get = await ask('ajax=getProjectId');
    expect([get.status, get.text.includes('No project set.')]).toEqual([200, true]);
  });
});

describe('fetchJobInfo', () => {
  it('gives the properties as written, twice while nothing is overridden', async () => {
    const before = server.world.definition;
    server.world.definition = {
      ...before,
      jobs: { a: { properties: { type: 'command', command: 'echo ${who}' }, source: 'a.job' } },
    };
    const written = '{\n    "type" : "command",\n    "command" : "echo ${who}"\n  }';
    expect(await ajax('fetchJobInfo&project=demo&flowName=test&jobName=a')).toBe(
      `{\n  "jobName" : "a",\n  "generalParams" : ${written},\n  "project" : "demo",\n  "jobType" : "command",\n  "projectId" : 192,\n  "overrideParams" : ${written}\n}`,
    );
    server.world.definition = before;
  });
});

describe('an unexpected error', () => {
  it('is logged whole and answered without a word about the inside', async () => {
    const { projects } = server.world.services;
    const { find } = projects;
    Object.assign(projects, { find: () => Promise.reject(new Error('relation "secrets" does not exist')) });
    const { status, text } = await ask('ajax=getProjectId&project=demo');
    Object.assign(projects, { find });
    expect(status).toBe(500);
    expect(text).not.toMatch(/secrets|at .*\.ts/);
    expect(server.logged.at(-1)?.fields['err']).toBeInstanceOf(Error);
  });
});

describe('the project index', () => {
  it('has the markup that scripts read', async () => {
    server.world.projects.set('demo', aProject('demo', { description: '<i>it\'s</i> "x"' }));
    const { headers, text } = await server.call(`/index?all&session.id=${session}`);
    expect(headers['content-type']).toBe('text/html; charset=UTF-8');
    expect(headers['set-cookie']).toEqual([expect.stringMatching(/^JSESSIONID=\w+\.node0;Path=\/$/)]);
    expect(text).toContain('<ul id="project-list">');
    expect(text).toContain('<h4><a href="/manager?project=demo">demo</a></h4>');
    expect(text).toContain('<div class="project-expander" id="demo">');
    expect(text).toContain('Last modified on <strong>2014-08-11 17:51:13</strong> by\n<strong>azkaban</strong>.</p>');
    expect(text).not.toContain('<i>');
    expect(text).not.toMatch(/<!-- \/\.login -->|login\.js/);
  });

  it.each([
    ['doaction=search&searchterm=DEM.', true],
    ['doaction=search&searchterm=xyz', false],
    ['doaction=search&searchterm=(', false],
    ['doaction=search&searchterm=(a%2B)%2B$', false],
    ['group', false],
    ['x', true],
  ])('filters by %s', async (query, isShown) => {
    const { text } = await server.call(`/index?${query}&session.id=${session}`);
    expect(text.includes('>demo</a>')).toBe(isShown);
    expect(text.includes('No Viewable Projects')).toBe(!isShown);
  });

  it.each(['', '.*'])('answers the search for %p with an empty page', async (term) => {
    expect((await server.call(`/index?doaction=search&searchterm=${term}&session.id=${session}`)).text).toBe('');
  });

  it('lists projects as JSON, by GET and POST', async () => {
    const expected =
      '{\n  "projects" : [ {\n    "projectId" : 192,\n    "projectName" : "demo",\n    "createdBy" : "azkaban",\n    "createdTime" : 1407779473318,\n    "userPermissions" : [ {\n      "first" : "azkaban",\n      "second" : {\n        "types" : [ "ADMIN" ]\n      }\n    } ],\n    "groupPermissions" : [ ]\n  } ]\n}';
    expect((await server.call(`/index?ajax=fetchallprojects&session.id=${session}`)).text).toBe(expected);
    expect((await server.call('/index', { form: `ajax=fetchuserprojects&user=&session.id=${session}` })).text).toBe(
      expected,
    );
    const other = await server.call(`/index?ajax=fetchuserprojects&user=other&session.id=${session}`);
    expect(other.text).toBe('{\n  "projects" : [ ]\n}');
  });
});

describe('flow locks', () => {
  const answer = (isLocked: boolean, message: string | null) =>
    `{\n  "isLocked" : ${isLocked},\n  "flowLockErrorMessage" : ${JSON.stringify(message)},\n  "project" : "demo",\n  "projectId" : 192,\n  "flowId" : "test"\n}`;
  const shown = async (): Promise<unknown> =>
    (JSON.parse(await ajax('fetchflowjobs&project=demo&flow=test')) as { isLocked: boolean }).isLocked;

  it('are set with a message, seen by everyone who may read, and taken away', async () => {
    expect(await shown()).toBe(false);
    const set = 'setFlowLock&project=demo&flowName=test';
    expect(await ajax(`${set}&isLocked=true&flowLockErrorMessage=Moving%20house`)).toBe(answer(true, 'Moving house'));
    expect(server.world.locks).toEqual(new Map([['test', 'Moving house']]));
    expect(await shown()).toBe(true);
    expect(await ajax('isFlowLocked&project=demo&flowName=test', await server.login('reader'))).toBe(
      '{\n  "isLocked" : true,\n  "project" : "demo",\n  "projectId" : 192,\n  "flowId" : "test"\n}',
    );
    expect(await ajax(`${set}&isLocked=false&flowLockErrorMessage=over`)).toBe(answer(false, null));
    expect(await ajax(`${set}&isLocked=true`)).toBe(answer(true, null));
  });

  it('need ADMIN and a flow', async () => {
    const reader = await server.login('reader');
    expect(await ajax('setFlowLock&project=demo&flowName=test&isLocked=true', reader)).toContain(
      'Permission denied. Need ADMIN access.',
    );
    for (const call of ['setFlowLock&isLocked=true', 'isFlowLocked']) {
      expect(await ajax(`${call}&project=demo&flowName=x`)).toContain('Flow x not found in project demo');
    }
  });
});
