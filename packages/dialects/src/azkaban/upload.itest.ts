import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError } from '@lockstep/domain';
import { UploadRejected } from '@lockstep/services';
import { aProject } from '../fakes/fake-services.js';
import { type Answer, type TestServer, startTestServer } from '../fakes/test-server.js';

const ZIP = Buffer.from([0x50, 0x4b, 3, 4, 13, 10, 45, 45, 0, 255, 13, 10]);
const DONE = '{\n  "projectId" : "192",\n  "version" : "1"\n}';

let server: TestServer;
let session = '';
beforeAll(async () => {
  server = await startTestServer({ maxUploadBytes: 5_000_000 });
  session = await server.login();
});
afterAll(() => server.stop());
beforeEach(() => {
  server.world.uploads.length = 0;
  server.world.onUpload = () => [];
  server.world.projects.clear();
  server.world.projects.set('demo', aProject('demo'));
});

interface PartInput {
  readonly name: string;
  readonly value?: string;
  readonly file?: string;
  readonly type?: string | undefined;
  readonly headers?: string;
}

const AJAX: PartInput = { name: 'ajax', value: 'upload' };
const PROJECT: PartInput = { name: 'project', value: 'demo' };
const FILE: PartInput = { name: 'file', file: 'demo.zip', type: 'application/zip' };
const session_ = (): PartInput => ({ name: 'session.id', value: session });

function multipart(
  parts: readonly PartInput[],
  { boundary = 'BOUND', disposition = 'form-data', data = ZIP } = {},
): Buffer {
  const pieces = parts.flatMap(({ name, value, file, type, headers = '' }) => [
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: ${disposition}; name="${name}"` +
        `${file === undefined ? '' : `; filename="${file}"`}\r\n${type === undefined ? '' : `Content-Type: ${type}\r\n`}${headers}\r\n`,
    ),
    value === undefined ? data : Buffer.from(value),
    Buffer.from('\r\n'),
  ]);
  return Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]);
}

function post(
  body: Buffer,
  { path = '/manager', type = 'multipart/form-data; boundary=BOUND', headers = {} as Record<string, string> } = {},
): Promise<Answer> {
  return server.call(path, { method: 'POST', body, headers: { 'Content-Type': type, ...headers } });
}

async function expectStored(answer: Answer): Promise<void> {
  expect([answer.status, answer.text]).toEqual([200, DONE]);
  expect(answer.headers['content-type']).toBe('application/json');
  expect(server.world.uploads).toEqual([
    expect.objectContaining({ projectName: 'demo', fileName: 'demo.zip', bytes: ZIP }),
  ]);
  expect(await server.remainingTempFiles()).toEqual([]);
}

describe('an upload', () => {
  it.each<[string, () => Promise<Answer>]>([
    ['as form-data', () => post(multipart([session_(), AJAX, PROJECT, FILE]))],
    [
      'as multipart/mixed with attachments',
      () =>
        post(multipart([session_(), AJAX, FILE, PROJECT], { disposition: 'attachment' }), {
          type: 'multipart/mixed; boundary=BOUND',
        }),
    ],
    ['with the file first', () => post(multipart([FILE, PROJECT, AJAX, session_()]))],
    [
      'with the session in a cookie',
      () => post(multipart([AJAX, FILE, PROJECT]), { headers: { Cookie: `azkaban.browser.session.id=${session}` } }),
    ],
    [
      'with the session in the address',
      () => post(multipart([AJAX, FILE, PROJECT]), { path: `/manager?session.id=${session}` }),
    ],
    ['with ajax in the address', () => post(multipart([session_(), FILE, PROJECT]), { path: '/manager?ajax=upload' })],
    [
      'with name and password in parts',
      () =>
        post(
          multipart([
            { name: 'username', value: 'azkaban' },
            { name: 'password', value: 'azkaban' },
            AJAX,
            FILE,
            PROJECT,
          ]),
        ),
    ],
    [
      'after a line break',
      () => post(Buffer.concat([Buffer.from('\r\n'), multipart([session_(), AJAX, FILE, PROJECT])])),
    ],
    [
      'with a dashed boundary in quotes',
      () =>
        post(multipart([session_(), AJAX, FILE, PROJECT], { boundary: '--------x y' }), {
          type: 'multipart/form-data; boundary="--------x y"',
        }),
    ],
    [
      'with types on its text parts',
      () =>
        post(
          multipart([
            session_(),
            { ...AJAX, type: 'text/plain; charset=US-ASCII', headers: 'Content-Transfer-Encoding: 8bit\r\n' },
            { ...FILE, headers: 'Content-Length: 12\r\nContent-Transfer-Encoding: binary\r\n' },
            PROJECT,
          ]),
        ),
    ],
    [
      'in chunks, without a length',
      () => post(multipart([session_(), AJAX, FILE, PROJECT]), { headers: { 'Transfer-Encoding': 'chunked' } }),
    ],
    [
      'as application/x-zip-compressed',
      () => post(multipart([session_(), AJAX, { ...FILE, type: 'application/x-zip-compressed' }, PROJECT])),
    ],
    [
      'as application/octet-stream',
      () => post(multipart([session_(), AJAX, { ...FILE, type: 'application/octet-stream' }, PROJECT])),
    ],
    [
      'with a suffix at the project',
      () => post(multipart([session_(), AJAX, FILE, { name: 'project', value: 'demo;type/plain' }])),
    ],
    [
      'with other files beside',
      () =>
        post(
          multipart([
            { ...FILE, name: 'other', file: 'x.txt' },
            session_(),
            AJAX,
            FILE,
            { ...FILE, file: 'second.zip' },
            PROJECT,
          ]),
        ),
    ],
    [
      'with unknown fields',
      () =>
        post(
          multipart([
            session_(),
            AJAX,
            { name: 'fix', value: 'off' },
            { name: '__proto__', value: 'x' },
            FILE,
            PROJECT,
          ]),
        ),
    ],
  ])('is stored %s', async (_title, send) => {
    await expectStored(await send());
  });

  it('keeps a large file byte for byte', async () => {
    const data = Buffer.alloc(
      3_000_000,
      Uint8Array.from({ length: 251 }, (_, index) => index),
    );
    const answer = await post(multipart([session_(), AJAX, PROJECT, FILE], { data }));
    expect(answer.text).toBe(DONE);
    expect(server.world.uploads[0]?.bytes.equals(data)).toBe(true);
  });

  it('comes with warnings, which stand first', async () => {
    server.world.onUpload = () => ['b is odd', 'a is odd', 'a is odd'];
    expect((await post(multipart([session_(), AJAX, FILE, PROJECT]))).text).toBe(
      '{\n  "warn" : "Validator Directory Flow reports warnings:<br><br>a is odd<br>b is odd<br>",\n  "projectId" : "192",\n  "version" : "1"\n}',
    );
  });

  it.each<[string, () => readonly PartInput[], number, string]>([
    ['no project', () => [session_(), AJAX, FILE], 400, 'No project name found.'],
    [
      'an unknown project',
      () => [session_(), AJAX, FILE, { name: 'project', value: 'P' }],
      410,
      "Installation Failed. Project 'P doesn't exist.",
    ],
    [
      'another extension',
      () => [session_(), AJAX, PROJECT, { ...FILE, file: 'a.TAR' }],
      400,
      "File extension 'tar' unrecognized.",
    ],
    ['no extension', () => [session_(), AJAX, PROJECT, { ...FILE, file: 'a' }], 400, "File extension '' unrecognized."],
    [
      'another type',
      () => [session_(), AJAX, PROJECT, { ...FILE, type: 'text/plain' }],
      400,
      "Content type 'text/plain' does not match extension 'zip'",
    ],
    [
      'no type',
      () => [session_(), AJAX, PROJECT, { ...FILE, type: undefined }],
      400,
      "Content type 'null' does not match extension 'zip'",
    ],
  ])('is refused with %s', async (_title, parts, status, error) => {
    const answer = await post(multipart(parts()));
    expect([answer.status, JSON.parse(answer.text)]).toEqual([status, { error }]);
    expect(server.world.uploads).toEqual([]);
    expect(await server.remainingTempFiles()).toEqual([]);
  });

  it('is refused to somebody without WRITE', async () => {
    const reader = { name: 'session.id', value: await server.login('reader') };
    const answer = await post(multipart([reader, AJAX, FILE, PROJECT]));
    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      400,
      { error: "Installation Failed. User 'reader' does not have write access." },
    ]);
  });

  it.each([
    [
      new DomainError('upload.bad-zip', { reason: 'It is encrypted.' }),
      'Installation Failed.<br>Error unzipping file.',
    ],
    [
      new DomainError('upload.unusable-project', { reason: 'x'.repeat(600) }),
      `Installation Failed.<br>${'x'.repeat(512)}<br>Too many errors to display.<br>`,
    ],
    [
      new UploadRejected({ errors: ['b', 'a', 'a'], warnings: [] }),
      'Validator Directory Flow reports errors:<br><br>a<br>b<br>',
    ],
    [new Error('disk full'), 'Server Encounter an unknown Error. <br>'],
  ])('that fails keeps the version: %s', async (error, text) => {
    server.world.projects.set('demo', aProject('demo', { currentVersion: 4 }));
    server.world.onUpload = () => {
      throw error;
    };
    const answer = await post(multipart([session_(), AJAX, FILE, PROJECT]));
    expect([answer.status, answer.text]).toEqual([
      500,
      `{\n  "error" : "${text}",\n  "projectId" : "192",\n  "version" : "4"\n}`,
    ]);
    expect(await server.remainingTempFiles()).toEqual([]);
  });

  it('over the limit is refused without being kept', async () => {
    const answer = await post(multipart([session_(), AJAX, PROJECT, FILE], { data: Buffer.alloc(6_000_000) }));
    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      413,
      { error: 'Installation Failed.<br>The zip is larger than the limit of 5000000 bytes.' },
    ]);
    expect(await server.remainingTempFiles()).toEqual([]);
  });

  it('without a file is an error page', async () => {
    const answer = await post(multipart([session_(), AJAX, PROJECT]));
    expect([answer.status, answer.headers['content-type']]).toEqual([500, 'text/html; charset=UTF-8']);
  });

  it('by the browser reports on the page of the project', async () => {
    const form = { name: 'action', value: 'upload' };
    const good = await post(multipart([session_(), form, FILE, PROJECT]));
    expect([good.status, good.headers.location]).toEqual([302, `${server.url}/manager?project=demo`]);
    expect(good.headers['set-cookie']).toBeUndefined();
    const bad = await post(multipart([session_(), form, { ...FILE, file: 'a.tar' }, PROJECT]));
    expect(bad.headers['set-cookie']).toEqual([`azkaban.failure.message="File extension 'tar' unrecognized.";Path=/`]);
  });

  it.each([
    ['another ajax', '/manager', [{ name: 'ajax', value: 'x' }], '{\n}'],
    ['no action', '/manager', [], ''],
    ['another path', '/index', [AJAX, PROJECT, FILE], ''],
  ])('is none with %s', async (_title, path, parts, text) => {
    expect((await post(multipart([session_(), ...parts]), { path })).text).toBe(text);
    expect(server.world.uploads).toEqual([]);
  });

  it('that ends in an old session is told in the words clients look for', async () => {
    expect((await post(multipart([{ name: 'session.id', value: 'old' }, AJAX, FILE, PROJECT]))).text).toBe(
      'Login error. Need username and password',
    );
    const bad = [
      { name: 'username', value: 'azkaban' },
      { name: 'password', value: 'x' },
    ];
    expect((await post(multipart([...bad, AJAX, FILE, PROJECT]))).text).toBe(
      'Login error: Username/Password not found.',
    );
    expect(await server.remainingTempFiles()).toEqual([]);
  });

  it('answers 200 always when told to', async () => {
    const old = await startTestServer({ alwaysUpload200: true });
    try {
      const body = multipart([{ name: 'session.id', value: await old.login() }, AJAX, FILE, PROJECT]);
      const headers = { 'Content-Type': 'multipart/form-data; boundary=BOUND' };
      const answer = await old.call('/manager', { method: 'POST', body, headers });
      expect([answer.status, JSON.parse(answer.text)]).toEqual([
        200,
        { error: "Installation Failed. Project 'demo doesn't exist." },
      ]);
    } finally {
      await old.stop();
    }
  });

  it('can be downloaded again', async () => {
    await post(multipart([session_(), AJAX, FILE, PROJECT]));
    const answer = await server.call(`/manager?project=demo&download=true&session.id=${session}`);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/zip',
      'content-disposition': 'attachment; filename="demo.zip"',
      version: '1',
      projectid: '192',
    });
    const missing = await server.call(`/manager?project=demo&download=true&version=7&session.id=${session}`);
    expect([missing.status, missing.headers['set-cookie']]).toEqual([
      302,
      [`azkaban.failure.message="Project demo with version 7 doesn't exist";Path=/`],
    ]);
  });
});

const hasCurl = spawnSync('curl', ['--version']).status === 0;

(hasCurl ? describe : describe.skip)('the commands of the API document, sent by curl', () => {
  const run = promisify(execFile);
  const curl = async (...args: string[]): Promise<string> => (await run('curl', ['-s', '-k', ...args])).stdout;
  let dir = '';
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lockstep-curl-'));
    await writeFile(join(dir, 'myproject.zip'), ZIP);
  });
  afterAll(() => rm(dir, { recursive: true }));

  it('log in', async () => {
    const text = await curl('-X', 'POST', '--data', 'action=login&username=azkaban&password=azkaban', server.url);
    expect(JSON.parse(text)).toEqual({ 'session.id': expect.any(String), status: 'success' });
  });

  it('create, upload, look, delete', async () => {
    const created = await curl(
      '-X',
      'POST',
      '--data',
      `session.id=${session}&name=MyProject&description=11`,
      `${server.url}/manager?action=create`,
    );
    expect(JSON.parse(created)).toEqual({ status: 'success', path: 'manager?project=MyProject', action: 'redirect' });

    const file = `file=@${join(dir, 'myproject.zip')};type=application/zip`;
    const uploaded = await curl(
      '-i',
      '-H',
      'Content-Type: multipart/mixed',
      '-X',
      'POST',
      '--form',
      `session.id=${session}`,
      '--form',
      'ajax=upload',
      '--form',
      file,
      '--form',
      'project=MyProject;type/plain',
      `${server.url}/manager`,
    );
    expect(uploaded).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(uploaded).toContain(DONE);
    expect(server.world.uploads).toEqual([
      expect.objectContaining({ projectName: 'MyProject', fileName: 'myproject.zip', bytes: ZIP }),
    ]);

    const flows = await curl(
      '--get',
      '--data',
      `session.id=${session}&ajax=fetchprojectflows&project=MyProject`,
      `${server.url}/manager`,
    );
    expect(JSON.parse(flows)).toEqual({ project: 'MyProject', projectId: 192, flows: [{ flowId: 'test' }] });
    const cookie = await curl(
      '--get',
      '-b',
      `azkaban.browser.session.id=${session}`,
      '--data',
      'ajax=fetchflowgraph&project=MyProject&flow=test',
      `${server.url}/manager`,
    );
    expect(JSON.parse(cookie)).toMatchObject({ flow: 'test', nodes: [{ id: 'a' }, { id: 'b', in: ['a'] }] });

    const jar = join(dir, 'jar');
    const deleted = await curl(
      '-L',
      '-c',
      jar,
      '-b',
      jar,
      '--get',
      '--data',
      `session.id=${session}&delete=true&project=MyProject`,
      `${server.url}/manager`,
    );
    expect(deleted).toContain("Project 'MyProject' was successfully deleted");
  });

  it('execute and ask for what runs', async () => {
    const started = await curl(
      '--get',
      '--data',
      `session.id=${session}`,
      '--data',
      'ajax=executeFlow',
      '--data',
      'project=demo',
      '--data',
      'flow=test',
      `${server.url}/executor`,
    );
    expect(JSON.parse(started)).toMatchObject({ project: 'demo', flow: 'test', execid: 295 });
    const running = await curl(
      '--data',
      `session.id=${session}&ajax=getRunning&project=demo&flow=test`,
      `${server.url}/executor`,
    );
    expect(running).toBe('{\n}');
    const update = await curl(
      '--data',
      `execid=301&lastUpdateTime=-1&session.id=${session}`,
      `${server.url}/executor?ajax=fetchexecflowupdate`,
    );
    expect(JSON.parse(update)).toEqual({ error: "Cannot find execution '301'" });
  });
});
