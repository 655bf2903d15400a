import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StartError } from '../start-error.js';

/** Longer than pollers pause, so that none finds its connection closed just when it uses it again. */
const KEEP_ALIVE_MS = 65_000;

export interface Listener {
  /** `http://host:port` with the port really taken. */
  readonly url: string;
  /** Takes no new connections, waits for the requests in hand, and after `graceMs` cuts those that are still open. */
  stop(graceMs: number): Promise<void>;
}

/** Throws `StartError` when the address cannot be had. */
export async function listen({
  host,
  port,
  onRequest,
}: {
  host: string;
  port: number;
  onRequest: RequestListener;
}): Promise<Listener> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, onRequest);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(explained(error, { host, port })));
    server.listen({ host, port }, resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    async stop(graceMs) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const cutting = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(cutting);
    },
  };
}

function explained(error: NodeJS.ErrnoException, { host, port }: { host: string; port: number }): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new StartError(
        `Port ${port} on ${host} is taken by another program. Stop that one, or choose another port with LOCKSTEP_PORT (0 takes any free one).`,
      );
    case 'EACCES':
      return new StartError(`This user may not listen on port ${port}; choose one above 1023 with LOCKSTEP_PORT.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new StartError(`LOCKSTEP_HOST is "${host}", which is no address of this machine.`);
    default:
      return new StartError(`Cannot listen on ${host}, port ${port}: ${error.message}`, { cause: error });
  }
}
