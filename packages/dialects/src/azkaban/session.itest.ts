import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { aProject } from '../fakes/fake-services.js';
import { type TestServer, startTestServer } from '../fakes/test-server.js';

const LOGIN_MARK = '<!-- /.login -->';
const LOGIN_SCRIPT_LINE = '\n  <script type="text/javascript" src="/js/azkaban/view/login.js"></script>\n';
const XHR = { 'X-Requested-With': 'XMLHttpRequest' };

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(() => {
  server.world.sessions.clear();
  server.world.projects.clear();
  server.world.projects.set('demo', aProject('demo'));
});

describe('login', () => {
  it.each(['/', '', '/manager', '/schedule', '/index', '/executor?execid=5', '/nowhere', '/?action=login'])(
    'works by POST on %p',
    async (path) => {
      const answer = await server.call(path || '/', { form: 'action=login&username=azkaban&password=azkaban' });
      const [[id = '']] = [...server.world.sessions.keys()].map((key) => [key]) as [[string]];
      expect(answer.text).toBe(`{\n  "session.id" : "${id}",\n  "status" : "success"\n}`);
      expect(answer.headers['content-type']).toBe('application/json');
      expect(answer.headers['set-cookie']).toEqual([`azkaban.browser.session.id=${id};Path=/`]);
      expect(answer.headers['expires']).toBe('Thu, 01-Jan-1970 00:00:00 GMT');
    },
  );

  it.each([
    ['username=azkaban', 'Incorrect Login.'],
    ['password=azkaban', 'Incorrect Login.'],
    ['username=&password=x', 'Incorrect Login. Username is empty.'],
    ['username=azkaban&password=', 'Incorrect Login. Password is empty.'],
    ['username=azkaban&password=wrong', 'Incorrect Login. Username/Password not found.'],
  ])('answers %s with only the reason', async (credentials, error) => {
    const answer = await server.call('/', { form: `action=login&${credentials}` });
    expect(answer).toMatchObject({ status: 200, text: `{\n  "error" : "${error}"\n}` });
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it.each(['/?action=login&password=azkaban', '/manager?password=x', '/?pass%77ord=azkaban'])(
    'is refused with a password in the query: %s',
    async (path) => {
      const answer = await server.call(path, { form: 'action=login&username=azkaban' });
      expect(answer.text).toBe('Login error. Must pass username and password in request body');
      expect(answer.headers['content-type']).toBeUndefined();
    },
  );

  it('is no login by GET', async () => {
    expect((await server.call('/?action=login&username=azkaban&password=azkaban')).text).toContain(LOGIN_MARK);
    expect(server.world.sessions.size).toBe(0);
  });

  it('remembers the address behind a proxy, without its port', async () => {
    const body = 'action=login&username=azkaban&password=azkaban';
    await server.call('/', { form: body, headers: { 'X-Forwarded-For': '10.1.2.3:555, 10.0.0.1' } });
    await server.call('/', { form: body });
    expect([...server.world.sessions.values()].map(({ address }) => address)).toEqual(['10.1.2.3', '127.0.0.1']);
  });

  it('marks the cookie Secure when told to', async () => {
    const secure = await startTestServer({ sessionCookieSecure: true });
    try {
      const { headers } = await secure.call('/', { form: 'action=login&username=azkaban&password=azkaban' });
      expect(headers['set-cookie']?.[0]).toMatch(/^azkaban\.browser\.session\.id=[\w-]+;Path=\/;Secure$/);
    } finally {
      await secure.stop();
    }
  });
});

describe('a missing login', () => {
  const page = expect.stringContaining(LOGIN_MARK);
  const xhrAnswer = '{"action":"login","message":"Invalid Session. Need to re-login","status":"error"}';
  const multipart = {
    headers: { 'Content-Type': 'multipart/form-data; boundary=B' },
    body: '--B\r\nContent-Disposition: form-data; name="ajax"\r\n\r\nupload\r\n--B--\r\n',
  };

  it.each<[string, string, Parameters<TestServer['call']>[1], unknown, string | undefined]>([
    ['GET with ajax', '/manager?ajax=x', {}, '{\n  "error" : "session"\n}', 'application/json'],
    [
      'GET with ajax and a stale id',
      '/manager?ajax=x&session.id=old',
      {},
      '{\n  "error" : "session"\n}',
      'application/json',
    ],
    ['DELETE with ajax', '/manager?ajax=x', { method: 'DELETE' }, '{\n  "error" : "session"\n}', 'application/json'],
    ['GET without ajax', '/manager', {}, page, 'text/html; charset=UTF-8'],
    ['GET of the root', '/', {}, page, 'text/html; charset=UTF-8'],
    ['POST with ajax', '/manager', { form: 'ajax=x' }, page, 'text/html; charset=UTF-8'],
    ['POST without a body', '/manager', { method: 'POST' }, page, 'text/html; charset=UTF-8'],
    ['POST by a script', '/manager', { form: 'ajax=x', headers: XHR }, xhrAnswer, undefined],
    [
      'POST with another such header',
      '/manager',
      { form: 'ajax=x', headers: { 'X-Requested-With': 'x' } },
      page,
      'text/html; charset=UTF-8',
    ],
    [
      'POST with a bad password',
      '/manager',
      { form: 'username=azkaban&password=x' },
      'Login error: Username/Password not found.',
      undefined,
    ],
    [
      'POST with no user name',
      '/manager',
      { form: 'username=&password=x' },
      'Login error: Username is empty.',
      undefined,
    ],
    ['POST with only a user name', '/manager', { form: 'username=azkaban' }, page, 'text/html; charset=UTF-8'],
    ['multipart', '/manager', multipart, 'Login error. Need username and password', undefined],
    [
      'multipart by a script',
      '/manager',
      { ...multipart, headers: { ...multipart.headers, ...XHR } },
      'Login error. Need username and password',
      undefined,
    ],
  ])('on a %s has its own answer, with status 200', async (_title, path, options, text, contentType) => {
    const answer = await server.call(path, options);
    expect(answer).toMatchObject({ status: 200, text });
    expect(answer.headers['content-type']).toBe(contentType);
  });

  it('shows a login page known by its texts', async () => {
    const { text } = await server.call('/index');
    for (const mark of [LOGIN_MARK, LOGIN_SCRIPT_LINE, 'error']) expect(text).toContain(mark);
  });

  it('takes a stale cookie more seriously than a good parameter, and ignores an empty one', async () => {
    const id = await server.login();
    const stale = { Cookie: 'azkaban.browser.session.id=stale' };
    const empty = { Cookie: 'azkaban.browser.session.id=' };
    const path = `/manager?ajax=getProjectId&project=demo&session.id=${id}`;
    expect((await server.call(path, { headers: stale })).text).toContain('"error" : "session"');
    expect((await server.call(path, { headers: empty })).text).toContain('"projectId" : 192');
  });

  it('is no obstacle to static files and /status', async () => {
    expect((await server.call('/js/azkaban/view/login.js')).headers['content-type']).toContain('javascript');
    expect((await server.call('/favicon.ico')).status).toBe(200);
    expect((await server.call('/css/none.css')).status).toBe(404);
    expect((await server.call('/status')).status).toBe(200);
  });
});

describe('a session', () => {
  const ID_OF_DEMO = '{\n  "project" : "demo",\n  "projectId" : 192\n}';

  it.each<[string, (id: string) => Parameters<TestServer['call']>]>([
    ['in the query', (id) => [`/manager?ajax=getProjectId&project=demo&session.id=${id}`]],
    ['in the body', (id) => ['/manager', { form: `ajax=getProjectId&project=demo&session.id=${id}` }]],
    [
      'in the body, the rest in the query',
      (id) => ['/manager?ajax=getProjectId&project=demo', { form: `session.id=${id}` }],
    ],
    [
      'in the cookie',
      (id) => ['/manager?ajax=getProjectId&project=demo', { headers: { Cookie: `azkaban.browser.session.id=${id}` } }],
    ],
    [
      'in the query of a POST without body',
      (id) => [`/manager?ajax=getProjectId&project=demo&session.id=${id}`, { method: 'POST' }],
    ],
    [
      'in a GET with a form content type',
      (id) => [
        `/manager?ajax=getProjectId&project=demo&session.id=${id}`,
        { headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
      ],
    ],
    [
      'with the query winning over an empty value in the body',
      (id) => [`/manager?project=demo&session.id=${id}`, { form: 'ajax=getProjectId&project=&session.id=' }],
    ],
  ])('counts %s', async (_title, request) => {
    const id = await server.login();
    server.world.sessionLookups = 0;
    const answer = await server.call(...request(id));
    expect(answer.text).toBe(ID_OF_DEMO);
    expect(server.world.sessionLookups).toBe(1);
  });

  it('is answered by an empty page when a POST to /manager brings nothing else', async () => {
    const answer = await server.call('/manager', { form: `session.id=${await server.login()}` });
    expect(answer).toMatchObject({ status: 200, text: '' });
  });

  it('lasts one request when a POST brings name and password', async () => {
    const form = 'ajax=getProjectId&project=demo&username=azkaban&password=azkaban';
    const answer = await server.call('/manager', { form });
    expect(answer.text).toBe(ID_OF_DEMO);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(server.world.sessions.size).toBe(0);
  });

  it('ends by ?logout on any path, by GET only', async () => {
    const headers = { Cookie: `azkaban.browser.session.id=${await server.login()}` };
    expect((await server.call('/manager?logout', { headers, method: 'POST' })).status).toBe(200);
    expect(server.world.sessions.size).toBe(1);
    const answer = await server.call('/manager?logout', { headers });
    expect(answer.status).toBe(302);
    expect(answer.headers.location).toBe(`${server.url}/`);
    expect(server.world.sessions.size).toBe(0);
    expect((await server.call('/?logout')).status).toBe(302);
  });
});

describe('routing', () => {
  it('leads every unknown path to the start page', async () => {
    const headers = { Cookie: `azkaban.browser.session.id=${await server.login()}` };
    for (const path of ['/', '/nowhere', '/a/b']) {
      const answer = await server.call(path, { headers });
      expect([answer.status, answer.headers.location, answer.text]).toEqual([302, `${server.url}/index`, '']);
    }
  });

  it('does not repeat a Host header that is none', async () => {
    const headers = { Cookie: `azkaban.browser.session.id=${await server.login()}`, Host: 'evil.example/x' };
    expect((await server.call('/', { headers })).headers.location).toBe('/index');
  });

  it.each([
    ['/schedule?ajax=nothing', '{\n}'],
    ['/history?ajax=fetch', '{\n}'],
    ['/flowtrigger?ajax=fetchTrigger', '{\n}'],
    ['/flowtriggerinstance?ajax=fetchTriggerStatus', '{\n}'],
    ['/triggers?ajax=x', '{\n}'],
    ['/index?ajax=x', '{\n}'],
    ['/executor?ajax=x&execid=1', '{\n}'],
    ['/executor?ajax=x&project=P', '{\n  "project" : "P"\n}'],
    [
      '/manager?ajax=x&project=demo',
      '{\n  "project" : "demo",\n  "error" : "Cannot execute command x",\n  "projectId" : 192\n}',
    ],
  ])('answers the unknown ajax call %s', async (path, text) => {
    const headers = { Cookie: `azkaban.browser.session.id=${await server.login()}` };
    expect((await server.call(path, { headers })).text).toBe(text);
    expect((await server.call(path, { headers, method: 'POST' })).text).toBe(text);
  });

  it.each(['PUT', 'PATCH', 'OPTIONS'])('answers %s with 405', async (method) => {
    expect((await server.call('/manager', { method })).status).toBe(405);
  });

  it('says nothing about what it is made of', async () => {
    const { headers } = await server.call('/status');
    expect(headers['x-powered-by']).toBeUndefined();
    expect(headers['etag']).toBeUndefined();
  });
});

describe('/status', () => {
  it('tells how the server is, in the order and layout of Azkaban', async () => {
    const { headers, text } = await server.call('/status');
    expect(headers['content-type']).toBe('application/json');
    expect(text).toMatch(
      /^\{\n {2}"version" : "1\.2\.3",\n {2}"pid" : "\d+",\n {2}"installationPath" : "\/opt\/lockstep",\n {2}"usedMemory" : \d+,\n {2}"xmx" : \d+,\n {2}"isDatabaseUp" : true,\n {2}"executorStatusMap" : \{\n {4}"7" : \{\n {6}"id" : 7,\n {6}"host" : "worker",\n {6}"port" : 12321,\n {6}"isActive" : true\n {4}\}\n {2}\}\n\}\r\n$/,
    );
    expect((await server.call('/status', { method: 'POST' })).status).toBe(405);
  });
});
