import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  EXECUTION_ACTIONS,
  EXECUTION_LOG_ACTIONS,
  EXECUTOR_ACTIONS,
  INDEX_ACTIONS,
  MANAGER_ACTIONS,
} from '@lockstep/dialects';
import { createTestJobType } from '@lockstep/job-types';
import { encoded, type Answer, type Call, type Parameters } from './azkaban-api.js';
import { startCompatServer, type CompatServer } from './compat-server.js';
import { startFlow, uploadDemoProjects } from './demo-projects.js';
import { multipart } from './multipart.js';
import { waitForEnd, waitForStatus } from './wait-for-end.js';

const LOGIN_MARK = '<!-- /.login -->';
const LOGIN_SCRIPT_LINE = '\n  <script type="text/javascript" src="/js/azkaban/view/login.js"></script>\n';
const FORM_TYPE = { 'Content-Type': 'application/x-www-form-urlencoded' };

let server: CompatServer;
/** Of `demo`: one that has ended and one that runs. */
let finished: number;
let held: number;
beforeAll(async () => {
  server = await startCompatServer({ jobTypes: [createTestJobType().jobType] });
  await uploadDemoProjects(server);
  finished = await startFlow(server, { project: 'demo', flow: 'quick' });
  held = await startFlow(server, { project: 'demo', flow: 'held' });
  await waitForEnd(server, finished);
  await waitForStatus(server, held, (status) => status === 'RUNNING');
}, 60_000);
afterAll(async () => server?.stop(), 60_000);

type Fresh = () => Parameters | Promise<Parameters>;

/** Parameters of every call there is, by path and name. Those of calls that change something are made anew each time. */
const PARAMETERS: Readonly<Record<string, Fresh>> = {
  '/index fetchallprojects': () => ({}),
  '/index fetchuserprojects': () => ({ user: 'azkaban' }),
  '/manager getProjectId': () => ({ project: 'demo' }),
  '/manager fetchprojectflows': () => ({ project: 'demo' }),
  '/manager fetchflowgraph': () => ({ project: 'demo', flow: 'outer' }),
  '/manager fetchflowjobs': () => ({ project: 'demo', flow: 'quick' }),
  '/manager fetchflownodedata': () => ({ project: 'demo', flow: 'quick', node: 'first' }),
  '/manager fetchJobInfo': () => ({ project: 'demo', flowName: 'quick', jobName: 'first' }),
  '/manager explainJob': () => ({ project: 'demo', flow: 'quick', job: 'first', 'flowOverride[a]': 'b' }),
  '/manager fetchflowdetails': () => ({ project: 'demo', flow: 'quick' }),
  '/manager fetchFlowExecutions': () => ({ project: 'demo', flow: 'quick', start: 0, length: 10 }),
  '/manager fetchLastSuccessfulFlowExecution': () => ({ project: 'demo', flow: 'quick' }),
  '/manager fetchProjectLogs': () => ({ project: 'demo' }),
  '/manager changeDescription': () => ({ project: 'busy', description: 'what it is for' }),
  '/manager getPermissions': () => ({ project: 'demo' }),
  '/manager getGroupPermissions': () => ({ project: 'demo' }),
  '/manager getProxyUsers': () => ({ project: 'demo' }),
  '/manager checkForWritePermission': () => ({ project: 'demo' }),
  '/manager setFlowLock': () => ({ project: 'busy', flowName: 'failing', isLocked: 'true', flowLockErrorMessage: 'x' }),
  '/manager isFlowLocked': () => ({ project: 'demo', flowName: 'quick' }),
  '/executor executeFlow': () => ({ project: 'busy', flow: 'quick', concurrentOption: 'ignore' }),
  '/executor getRunning': () => ({ project: 'demo', flow: 'held' }),
  '/executor flowInfo': () => ({ project: 'demo', flow: 'quick' }),
  '/executor?execid fetchexecflow': () => ({ execid: finished }),
  '/executor?execid fetchexecflowupdate': () => ({ execid: finished, lastUpdateTime: -1 }),
  '/executor?execid cancelFlow': async () => ({ execid: await startFlow(server, { project: 'busy', flow: 'held' }) }),
  '/executor?execid pauseFlow': async () => ({ execid: await startHeld() }),
  '/executor?execid resumeFlow': () => ({ execid: held }),
  '/executor?execid retryFailedJobs': () => ({ execid: held }),
  '/executor?execid flowInfo': () => ({ execid: finished }),
  '/executor?execid explainJob': () => ({ execid: finished, jobId: 'first' }),
  '/executor?execid rerun': async () => ({ execid: await startEnded(), from: 'start' }),
  '/executor?execid fetchExecFlowLogs': () => ({ execid: finished, offset: 0, length: 1000 }),
  '/executor?execid fetchExecJobLogs': () => ({ execid: finished, jobId: 'first', offset: 0, length: 1000 }),
  '/executor?execid fetchExecJobStats': () => ({ execid: finished, jobid: 'first' }),
};

async function startEnded(): Promise<number> {
  const execid = await startFlow(server, { project: 'busy', flow: 'quick' });
  await waitForEnd(server, execid);
  return execid;
}

async function startHeld(): Promise<number> {
  const execid = await startFlow(server, { project: 'busy', flow: 'held' });
  await waitForStatus(server, execid, (status) => status === 'RUNNING');
  return execid;
}

const CALLS = [
  ...namesOf('/index', INDEX_ACTIONS),
  ...namesOf('/manager', MANAGER_ACTIONS),
  ...namesOf('/executor', EXECUTOR_ACTIONS),
  ...namesOf('/executor?execid', [...EXECUTION_ACTIONS, ...EXECUTION_LOG_ACTIONS]),
];

function namesOf(path: string, actions: readonly { readonly name: string }[]): readonly string[] {
  return actions.map(({ name }) => `${path} ${name}`);
}

/** The ways a client can say the same, besides GET with everything in the query. */
const WAYS: Readonly<Record<string, (path: string, all: Parameters) => readonly [string, Call]>> = {
  'POST with a form': (path, all) => [path, { form: all }],
  'POST with only the call in the query': (path, { ajax = '', ...rest }) => [`${path}?ajax=${ajax}`, { form: rest }],
  'POST with only the call in the form': (path, { ajax = '', ...rest }) => [
    `${path}?${encoded(rest)}`,
    { form: { ajax } },
  ],
  'POST with everything in the query and an empty form': (path, all) => [`${path}?${encoded(all)}`, { form: '' }],
  'POST without body and content type': (path, all) => [`${path}?${encoded(all)}`, { method: 'POST' }],
  'POST with the same names, empty, in the form': (path, all) => [
    `${path}?${encoded(all)}`,
    { form: Object.fromEntries(Object.keys(all).map((name) => [name, ''])) },
  ],
  'POST with parameters nobody knows': (path, all) => [
    path,
    { form: { ...all, projectName: 'x', period: '5w', is_recurring: 'off', fix: '', 'settings[0]': 'x' } },
  ],
  'POST by a script': (path, all) => [path, { form: all, headers: { 'X-Requested-With': 'XMLHttpRequest' } }],
  'POST with the session in the cookie': (path, { 'session.id': id = '', ...rest }) => [
    path,
    { form: rest, headers: { Cookie: `azkaban.browser.session.id=${id}` } },
  ],
  'GET with a form content type': (path, all) => [`${path}?${encoded(all)}`, { headers: FORM_TYPE }],
  'GET with the session in the cookie and a stale one beside it': (path, all) => [
    `${path}?${encoded({ ...all, 'session.id': randomUUID() })}`,
    { headers: { Cookie: `a=b; azkaban.browser.session.id=${all['session.id']}` } },
  ],
};

describe('every ajax call', () => {
  it('is looked at here', () => {
    expect(Object.keys(PARAMETERS).toSorted()).toEqual(CALLS.toSorted());
  });

  it.each(CALLS)(
    'answers alike however it is sent: %s',
    async (call) => {
      const path = call.replace(/[? ].*/, '');
      const parameters = async () => ({
        ajax: call.replace(/.* /, ''),
        ...(await PARAMETERS[call]?.()),
        'session.id': server.session,
      });
      const usual = await server.api.call(`${path}?${encoded(await parameters())}`);
      expectSuccess(
        usual,
        EXECUTION_LOG_ACTIONS.some(({ name }) => call.endsWith(` ${name}`)),
      );
      for (const [way, send] of Object.entries(WAYS)) {
        const answer = await server.api.call(...send(path, await parameters()));
        expect({ way, ...comparable(answer) }).toEqual({ way, ...comparable(usual) });
      }
    },
    30_000,
  );

  /** 200, a type without character set (logs have one), Azkaban's layout, and no word of an error. */
  function expectSuccess({ status, headers, text }: Answer, isLog: boolean): void {
    expect({ status, type: headers['content-type'] }).toEqual({
      status: 200,
      type: isLog ? 'application/json; charset=utf-8' : 'application/json',
    });
    expect(text).toMatch(/^\{\n( {2}"[\w.]+" : .*\n)?/);
    expect(text).not.toContain('\n}\n');
    expect(JSON.parse(text)).not.toHaveProperty('error');
  }

  /** Ids of executions differ from call to call, and so does what runs beside them, and the time of a run to come. */
  function comparable({ status, headers, text }: Answer) {
    const alike = text.replace(/Flow \w+ is already running .*? concurrently\. \\n/, '');
    return {
      status,
      type: headers['content-type'],
      text: /exec id|knownAtRunTime/.test(text) ? alike.replace(/\d+/g, 'N') : text,
    };
  }
});

describe('a form body', () => {
  it.each([
    ['raw', 'disabled=["first"]&runtimeProperty[ROOT][a.b]=x y "z"'],
    ['with plus signs', 'disabled=%5B%22first%22%5D&runtimeProperty%5BROOT%5D%5Ba.b%5D=x+y+%22z%22'],
    ['with percent signs', 'disabled=%5b%22first%22%5d&runtimeProperty[ROOT]%5Ba%2Eb]=x%20y%20%22z%22'],
    ['with names that have no value', 'project&disabled=["first"]&fix&runtimeProperty[ROOT][a.b]=x y "z"&'],
  ])('may be written %s', async (_title, options) => {
    const path = `/executor?ajax=executeFlow&project=busy&flow=quick&concurrentOption=ignore&session.id=${server.session}`;
    const started = await server.api.json(path, { form: options });
    expect(started).not.toHaveProperty('error');
    const execid = started['execid'] as number;
    const info = await ask('/executor', { ajax: 'flowInfo', execid });
    expect(info).toMatchObject({
      disabled: [{ name: 'first', children: null, embeddedFlow: false }],
      flowParam: { 'a.b': 'x y "z"' },
    });
    expect(await waitForEnd(server, execid)).toBe('SUCCEEDED');
  });

  it.each(['true', 'True', 'TRUE', 'false', 'False', 'yes'])('has booleans in any letter case: %s', async (word) => {
    const execid = await startFlow(server, {
      project: 'busy',
      flow: 'quick',
      failureEmailsOverride: word,
      failureEmails: 'me@x.y',
    });
    const overridden = word.toLowerCase() === 'true';
    expect(await ask('/executor', { ajax: 'flowInfo', execid })).toMatchObject({
      failureEmailsOverride: overridden,
      failureEmails: overridden ? ['me@x.y'] : ['ops@example.com'],
    });
  });
});

describe('logging in', () => {
  it.each(['/', '/manager', '/schedule', '/index', '/executor', '/executor?execid=5', '/?action=login', '//'])(
    'works by POST on %s',
    async (path) => {
      const answer = await server.api.call(path, {
        form: { action: 'login', username: 'azkaban', password: 'azkaban' },
      });
      const { 'session.id': id, ...rest } = JSON.parse(answer.text) as Record<string, string>;
      expect(rest).toEqual({ status: 'success' });
      expect(answer.headers['set-cookie']).toEqual([`azkaban.browser.session.id=${id};Path=/`]);
      expect(answer.text).toBe(`{\n  "session.id" : "${id}",\n  "status" : "success"\n}`);
    },
  );

  it('fails with nothing but the reason, as text to the letter', async () => {
    const form = { action: 'login', username: 'azkaban', password: 'wrong' };
    const { status, text, headers } = await server.api.call('/', { form });
    expect({ status, text }).toEqual({
      status: 200,
      text: '{\n  "error" : "Incorrect Login. Username/Password not found."\n}',
    });
    expect(headers['set-cookie']).toBeUndefined();
  });

  it('again leaves the earlier sessions of the account alone, and logging out ends only one', async () => {
    const [one, two] = [await server.api.login(), await server.api.login()];
    expect(await isKnown(one)).toBe(true);
    expect(await isKnown(two)).toBe(true);
    expect((await server.api.call(`/?logout&session.id=${one}`)).status).toBe(302);
    expect(await isKnown(one)).toBe(false);
    expect(await isKnown(two)).toBe(true);
  });

  /** The way a popular client tests its session. */
  async function isKnown(session: string): Promise<boolean> {
    const { status, text } = await server.api.call('/manager', { form: { 'session.id': session } });
    expect(status).toBe(200);
    return ![LOGIN_MARK, 'Login error', '"error" : "session"'].some((mark) => text.includes(mark));
  }
});

describe('without a session that lives', () => {
  const staleIds: Readonly<Record<string, () => Promise<string>>> = {
    'none at all': async () => '',
    'one that never was': async () => randomUUID(),
    'no id at all': async () => "'; drop table sessions; --",
    'one that has not been used for too long': async () => {
      const id = await server.api.login();
      const id_hash = createHash('sha256').update(id).digest('hex');
      expect(await server.database.knex('sessions').where({ id_hash }).update({ last_used_at: 1 })).toBe(1);
      return id;
    },
    'one that was logged out': async () => {
      const id = await server.api.login();
      await server.api.call(`/?logout&session.id=${id}`);
      return id;
    },
  };
  const XHR = { 'X-Requested-With': 'XMLHttpRequest' };
  const upload = (id: string) =>
    multipart([
      { name: 'session.id', content: id },
      { name: 'ajax', content: 'upload' },
      { name: 'project', content: 'demo' },
      { name: 'file', content: 'x', fileName: 'x.zip', type: 'application/zip' },
    ]);
  const page = expect.stringContaining(LOGIN_MARK);
  const ask = '/manager?ajax=fetchprojectflows&project=demo';

  it.each(Object.entries(staleIds))(
    '(%s) each kind of request has its answer, always with status 200',
    async (_title, idOf) => {
      const id = await idOf();
      const query = `session.id=${encodeURIComponent(id)}`;
      const cookie = { Cookie: `azkaban.browser.session.id=${encodeURIComponent(id)}` };
      const form = { ajax: 'fetchprojectflows', project: 'demo', 'session.id': id };
      const kinds: readonly (readonly [string, string, Call, unknown])[] = [
        ['GET with ajax', `${ask}&${query}`, {}, '{\n  "error" : "session"\n}'],
        ['GET with ajax and the id in the cookie', ask, { headers: cookie }, '{\n  "error" : "session"\n}'],
        ['GET of a page', `/manager?project=demo&${query}`, {}, page],
        ['GET of the root', '/', { headers: cookie }, page],
        ['POST with ajax', '/manager', { form }, page],
        ['POST with the id alone', '/manager', { form: { 'session.id': id } }, page],
        [
          'POST by a script',
          '/manager',
          { form, headers: XHR },
          '{"action":"login","message":"Invalid Session. Need to re-login","status":"error"}',
        ],
        ['upload', '/manager', upload(id), 'Login error. Need username and password'],
        [
          'upload by a script',
          '/manager',
          { ...upload(id), headers: { ...upload(id).headers, ...XHR } },
          'Login error. Need username and password',
        ],
      ];
      for (const [kind, path, call, text] of kinds) {
        const answer = await server.api.call(path, call);
        expect({ kind, status: answer.status, text: answer.text }).toEqual({ kind, status: 200, text });
      }
    },
  );

  it('the login page is known by its texts, and no other page has them', async () => {
    const { text } = await server.api.call('/index');
    for (const mark of [LOGIN_MARK, LOGIN_SCRIPT_LINE, 'login', 'error']) expect(text).toContain(mark);
    for (const path of ['/index', '/index?all', '/manager?project=demo', '/executor', `/executor?execid=${finished}`]) {
      const shown = await server.api.call(path, {
        headers: { Cookie: `azkaban.browser.session.id=${server.session}` },
      });
      expect({ path, status: shown.status }).toEqual({ path, status: 200 });
      for (const mark of [LOGIN_MARK, 'login.js', 'Login error']) expect(shown.text).not.toContain(mark);
    }
  });
});

describe('connections', () => {
  it.each(['close', 'keep-alive'])(
    'twenty at once are served, each with its own answer (Connection: %s)',
    async (connection) => {
      const lengths = Array.from({ length: 20 }, (_, number) => number + 1);
      const answers = await Promise.all(
        lengths.map((length) =>
          server.api.json(
            `/manager?${encoded({ ajax: 'fetchFlowExecutions', project: 'demo', flow: 'quick', start: 0, length, 'session.id': server.session })}`,
            { headers: { Connection: connection } },
          ),
        ),
      );
      expect(answers.map(({ length }) => length)).toEqual(lengths);
    },
  );

  it('carry many calls one after another when they are kept', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const sockets = new Set<unknown>();
    const url = new URL(`${server.api.url}/manager?ajax=getProjectId&project=demo&session.id=${server.session}`);
    for (let number = 0; number < 10; number += 1) {
      const request = httpRequest(url, { agent });
      request.on('socket', (socket) => sockets.add(socket));
      request.end();
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      expect(response.statusCode).toBe(200);
      await response.toArray();
    }
    agent.destroy();
    expect(sockets.size).toBe(1);
  });

  it('are closed by the server when the client asks for it', async () => {
    const path = `/manager?ajax=getProjectId&project=demo&session.id=${server.session}`;
    const text = await server.api.raw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(text).toMatch(
      /^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\n\{\n {2}"project" : "demo",\n {2}"projectId" : \d+\n\}$/,
    );
  });

  it('of a poller that walks all projects and flows are done within seconds', async () => {
    const startedAt = performance.now();
    const { projects } = await ask('/index', { ajax: 'fetchallprojects' });
    let calls = 1;
    for (const { projectName: project } of projects as readonly { projectName: string }[]) {
      const { flows } = await ask('/manager', { ajax: 'fetchprojectflows', project });
      calls += 1;
      for (const { flowId: flow } of flows as readonly { flowId: string }[]) {
        expect(
          await ask('/manager', { ajax: 'fetchFlowExecutions', project, flow, start: 0, length: 20 }),
        ).toHaveProperty('executions');
        calls += 1;
      }
    }
    expect(calls).toBe(1 + 2 + 2 * 4);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});

function ask(path: string, form: Parameters) {
  return server.api.json(path, { form: { ...form, 'session.id': server.session } });
}
