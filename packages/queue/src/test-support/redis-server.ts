import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import { createQueueBackend } from '../create-queue-backend.js';
import type { TestServer } from './test-server.js';

export function isRedisInstalled(): boolean {
  return spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0;
}

/** Keeps nothing on the disk. */
export async function createRedisServer(): Promise<TestServer> {
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let server: ChildProcess | undefined;

  async function start(): Promise<void> {
    server ??= spawn('redis-server', ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], {
      stdio: 'ignore',
    });
    await withClient((client) => client.ping());
  }

  async function stop(): Promise<void> {
    const ending = server;
    server = undefined;
    if (ending === undefined || ending.exitCode !== null) return;
    const ended = once(ending, 'exit');
    ending.kill('SIGKILL');
    await ended;
  }

  async function withClient(use: (client: Redis) => Promise<unknown>): Promise<void> {
    const client = new Redis(url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
    client.on('error', () => undefined);
    try {
      await use(client);
    } finally {
      client.disconnect();
    }
  }

  await start();
  return {
    backend: (options) => createQueueBackend({ kind: 'redis', url, ...options }),
    start,
    stop,
    loseEverything: () => withClient((client) => client.flushall()),
    dispose: stop,
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
