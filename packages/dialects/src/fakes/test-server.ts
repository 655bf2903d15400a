import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { type Server, createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AzkabanOptions } from '../azkaban/options.js';
import { createHttpApp } from '../http-app.js';
import { createDialects } from '../registry.js';
import { type FakeWorld, createFakeWorld } from './fake-services.js';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface TestServer {
  readonly world: FakeWorld;
  readonly url: string;
  readonly logged: { readonly fields: Readonly<Record<string, unknown>>; readonly message: string }[];
  call(
    path: string,
    options?: { method?: string; headers?: Record<string, string>; body?: string | Buffer; form?: string },
  ): Promise<Answer>;
  /** Writes bytes on a socket of its own and closes the sending side; everything that comes back. */
  raw(bytes: string | Buffer): Promise<string>;
  login(user?: string): Promise<string>;
  /** Temporary files of uploads that do not go away: they are removed right after the answer. */
  remainingTempFiles(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** The dialect over real HTTP on the loopback address, with fake services. */
export async function startTestServer(options: Partial<AzkabanOptions> = {}): Promise<TestServer> {
  const world = createFakeWorld();
  const tempDir = await mkdtemp(join(tmpdir(), 'lockstep-dialects-'));
  const logged: TestServer['logged'] = [];
  const record = (fields: Readonly<Record<string, unknown>>, message: string): void =>
    void logged.push({ fields, message });
  const log = { error: record, warn: record, info: record };
  const dialects = createDialects({
    schemas: { 'flow-2.0.json': { title: 'Flow 2.0 file' } },
    azkaban: {
      services: world.services,
      clock: { now: () => 0 },
      options: {
        timezone: 'UTC',
        tempDir,
        version: '1.2.3',
        installationPath: '/opt/lockstep',
        executors: async () => [{ id: 7, host: 'worker', port: 12321, isActive: true }],
        isDatabaseUp: async () => true,
        log,
        ...options,
      },
    },
  });
  const server = createServer(createHttpApp({ dialects, log }));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const call = callerOf(port);

  return {
    world,
    url,
    logged,
    call,
    raw: (bytes) => sendRaw(port, bytes),
    login: async (user = 'azkaban') => {
      const { text } = await call('/', { form: `action=login&username=${user}&password=${user}` });
      return (JSON.parse(text) as { 'session.id': string })['session.id'];
    },
    remainingTempFiles: () => remainingFiles(tempDir),
    stop: async () => {
      await close(server);
      await rm(tempDir, { recursive: true });
    },
  };
}

function callerOf(port: number): TestServer['call'] {
  return async (path, { method, headers = {}, body, form } = {}) => {
    const formHeaders = form === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' };
    const request = httpRequest({
      host: '127.0.0.1',
      port,
      path,
      agent: false,
      method: method ?? (form === undefined && body === undefined ? 'GET' : 'POST'),
      headers: { ...formHeaders, ...headers },
    });
    request.end(body ?? form);
    const [response] = (await once(request, 'response')) as [import('node:http').IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      text: Buffer.concat(chunks).toString('utf8'),
    };
  };
}

async function sendRaw(port: number, bytes: string | Buffer): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.end(bytes);
  await once(socket, 'close');
  return Buffer.concat(chunks).toString('utf8');
}

async function remainingFiles(dir: string): Promise<readonly string[]> {
  const deadline = performance.now() + 5000;
  for (;;) {
    const files = await readdir(dir);
    if (files.length === 0 || performance.now() > deadline) return files;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}
