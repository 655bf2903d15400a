import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, connect, type AddressInfo } from 'node:net';
import { waitUntil } from './wait-until.js';

/** A Redis of its own for a test file, that keeps nothing on the disk. */
export interface RedisServer {
  readonly url: string;
  /** Sends one command; resolves to the first line of the answer. */
  command(command: string): Promise<string>;
  stop(): Promise<void>;
}

export function isRedisInstalled(): boolean {
  return spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0;
}

export async function startRedis(): Promise<RedisServer> {
  const port = await freePort();
  const settings = { port, bind: '127.0.0.1', save: '', appendonly: 'no' };
  const child = spawn(
    'redis-server',
    Object.entries(settings).flatMap(([name, value]) => [`--${name}`, `${value}`]),
    { stdio: 'ignore' },
  );
  const exited = once(child, 'exit');

  async function command(text: string): Promise<string> {
    const socket = connect(port, '127.0.0.1');
    try {
      socket.write(`${text}\r\n`);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      return answer.toString().split('\r\n', 1)[0] ?? '';
    } finally {
      socket.destroy();
    }
  }

  await waitUntil('Redis answers', () =>
    command('PING').then(
      (answer) => answer === '+PONG',
      () => false,
    ),
  );
  return {
    url: `redis://127.0.0.1:${port}`,
    command,
    async stop() {
      child.kill('SIGKILL');
      await exited;
    },
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
