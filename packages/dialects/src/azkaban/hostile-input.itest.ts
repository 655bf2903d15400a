import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { aProject } from '../fakes/fake-services.js';
import { type TestServer, startTestServer } from '../fakes/test-server.js';

let server: TestServer;
let session = '';
beforeEach(async () => {
  server = await startTestServer({ maxFormBytes: 1_000_000 });
  server.world.projects.set('demo', aProject('demo'));
  session = await server.login();
});
afterEach(() => server.stop());

async function expectStillServing(): Promise<void> {
  const answer = await server.call(`/manager?ajax=getProjectId&project=demo&session.id=${session}`);
  expect(answer.text).toContain('"projectId" : 192');
  expect(await server.remainingTempFiles()).toEqual([]);
}

const FILE_PART =
  '--B\r\nContent-Disposition: form-data; name="file"; filename="a.zip"\r\nContent-Type: application/zip\r\n\r\nPK';

describe('a hostile multipart body', () => {
  it.each([
    ['has no boundary in its type', 'multipart/form-data', '--B--\r\n', 400],
    ['has an endless boundary', `multipart/form-data; boundary=${'x'.repeat(300)}`, '--B--\r\n', 400],
    ['does not contain its boundary', 'multipart/form-data; boundary=B', 'hello', 400],
    ['is empty', 'multipart/form-data; boundary=B', '', 400],
    ['stops inside its file', 'multipart/form-data; boundary=B', FILE_PART, 400],
    [
      'has a huge field',
      'multipart/form-data; boundary=B',
      `--B\r\nContent-Disposition: form-data; name="x"\r\n\r\n${'x'.repeat(1_100_000)}\r\n--B--`,
      413,
    ],
    ['has endless headers', 'multipart/form-data; boundary=B', `--B\r\n${'x: y\r\n'.repeat(10_000)}\r\n--B--`, 400],
    [
      'has thousands of parts',
      'multipart/form-data; boundary=B',
      `${'--B\r\nContent-Disposition: form-data; name="x"\r\n\r\n\r\n'.repeat(2000)}--B--`,
      400,
    ],
  ])('that %s is refused as JSON', async (_title, type, body, status) => {
    const answer = await server.call('/manager', { method: 'POST', body, headers: { 'Content-Type': type } });
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toEqual({ error: expect.stringMatching(/^Installation Failed\.<br>/) });
    await expectStillServing();
  });

  it('that breaks off leaves no file behind', async () => {
    const head = `POST /manager HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=B\r\nContent-Length: 5000000\r\n\r\n`;
    await server.raw(`${head}${FILE_PART}${'x'.repeat(300_000)}`);
    await expectStillServing();
  });
});

describe('a hostile form', () => {
  it('larger than the limit is refused, with and without a length', async () => {
    const form = `session.id=${session}&x=${'y'.repeat(1_100_000)}`;
    for (const headers of [{}, { 'Transfer-Encoding': 'chunked' }]) {
      const answer = await server.call('/manager', { form, headers: headers as Record<string, string> });
      expect([answer.status, answer.text.includes('Form is larger than max length 1000000')]).toEqual([500, true]);
    }
    await expectStillServing();
  });

  it('of 100,000 parameters is read, quickly', async () => {
    const many = Array.from({ length: 100_000 }, (_, index) => `p${index}=`).join('&');
    const started = performance.now();
    const answer = await server.call('/manager', {
      form: `${many}&ajax=getProjectId&project=demo&session.id=${session}`,
    });
    expect(answer.text).toContain('"projectId" : 192');
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('cannot reach the prototype of anything', async () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    for (const name of names) {
      const form = `${name}=x&ajax=${name}&project=${name}&session.id=${session}`;
      expect((await server.call('/manager', { form })).text).toContain(`Project ${name} doesn't exist.`);
      expect((await server.call('/executor', { form: `${form}&execid=1` })).text).toBe('{\n}');
    }
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  it.each(['%', '%zz=1', '=', '&&&', 'a=%E0%A4%A', '\u0000=\u0000', 'x;y=z'])('of %p is no error', async (text) => {
    const answer = await server.call('/manager', {
      form: `${text}&ajax=getProjectId&project=demo&session.id=${session}`,
    });
    expect(answer.text).toContain('"projectId" : 192');
  });
});

describe('hostile addresses and headers', () => {
  it.each(['/%', '/%E0%A4%A', '//', '/manager/../../etc/passwd', '/css/../../../etc/passwd', '/?%', '/js/%2e%2e/x'])(
    '%s is answered',
    async (path) => {
      const answer = await server.call(path);
      expect([200, 404]).toContain(answer.status);
      expect(answer.text).not.toContain('root:');
    },
  );

  it('shows what it repeats as text, never as markup', async () => {
    const script = encodeURIComponent('<script>alert("1")</script>');
    for (const path of [
      `/manager?project=${script}`,
      `/executor?ajax=fetchexecflow&execid=${script}`,
      `/index?doaction=search&searchterm=${script}`,
      `/manager?project=demo&ajax=fetchflowjobs&flow=${script}`,
    ]) {
      expect((await server.call(`${path}&session.id=${session}`)).text).not.toContain('<script>alert');
    }
    const flash = { Cookie: 'azkaban.failure.message="<script>alert(1)</script>"' };
    expect((await server.call('/', { headers: flash })).text).not.toContain('<script>alert');
  });
});
