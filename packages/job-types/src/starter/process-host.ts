import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createPendingProcess, type PendingProcess } from './pending-process.js';
import type { ProcessStarter, StartedProcess, StartRequest } from './process-starter.js';

const PROGRAM = fileURLToPath(new URL('../../host/process-host.mjs', import.meta.url));

/** Small young generation, no helper threads: what the host does not touch need not be copied at each start. */
const NODE_OPTIONS = ['--single-threaded', '--max-semi-space-size=1', '--max-old-space-size=64'];

type HostMessage =
  | { readonly id: number; readonly pid: number }
  | { readonly id: number; readonly failed: { readonly code?: string; readonly message: string } }
  | { readonly id: number; readonly exitCode: number | null; readonly signal: NodeJS.Signals | null };

/**
 * `environment` is what processes usually inherit: requests that come with this very object do not send it again.
 *
 * Starts processes from a small process of its own, which hears their ends: a start copies the starter's memory map, and
 * that of a worker is ten times as large. The host comes up with the first start; one that dies is replaced, and the
 * ends of what it had started are lost (`ProcessExit.lost`).
 */
export function createProcessHost({
  environment,
}: {
  readonly environment: Readonly<Record<string, string | undefined>>;
}): ProcessStarter {
  let host: Host | undefined;
  let closed = false;

  const current = (): Host => {
    if (closed) throw new Error('The process host has been closed.');
    host ??= openHost(environment, () => {
      host = undefined;
    });
    return host;
  };

  return {
    start(request) {
      try {
        return current().start(request);
      } catch (error) {
        const pending = createPendingProcess();
        pending.hasFailed(error instanceof Error ? error : new Error(String(error)));
        return pending;
      }
    },
    close() {
      closed = true;
      host?.close();
    },
  };
}

interface Host {
  start(request: StartRequest): StartedProcess;
  close(): void;
}

function openHost(environment: Readonly<Record<string, string | undefined>>, onEnded: () => void): Host {
  const child = fork(PROGRAM, [], {
    env: environment as NodeJS.ProcessEnv,
    execArgv: NODE_OPTIONS,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const pending = new Map<number, PendingProcess & { running: boolean }>();
  let lastId = 0;

  child.on('message', (message: HostMessage) => hear(pending, message));
  const lose = () => {
    onEnded();
    for (const each of pending.values()) {
      if (each.running) each.hasEnded({ exitCode: undefined, signal: undefined, lost: true });
      else each.hasFailed(new Error('The process host has ended.'));
    }
    pending.clear();
  };
  child.once('exit', lose);
  child.once('error', lose);

  return {
    start(request) {
      const { program, parameters, workingDirectory, outputFile } = request;
      const id = (lastId += 1);
      const process = Object.assign(createPendingProcess(), { running: false });
      pending.set(id, process);
      const inherits = request.environment === environment;
      const variables = withNulls(inherits ? request.variables : { ...request.environment, ...request.variables });
      send(child, { id, program, parameters, workingDirectory, inherits, variables, outputFile }, lose);
      return process;
    },
    close: () => {
      if (child.connected) child.disconnect();
    },
  };
}

function hear(pending: Map<number, PendingProcess & { running: boolean }>, message: HostMessage): void {
  const process = pending.get(message.id);
  if (process === undefined) return;
  if ('pid' in message) {
    process.running = true;
    return process.hasStarted(message.pid);
  }
  pending.delete(message.id);
  if ('failed' in message) {
    const { code, message: text } = message.failed;
    return process.hasFailed(Object.assign(new Error(text), code === undefined ? {} : { code }));
  }
  process.hasEnded({ exitCode: message.exitCode ?? undefined, signal: message.signal ?? undefined });
}

function send(child: ChildProcess, message: object, onLost: () => void): void {
  if (!child.connected) return onLost();
  child.send(message, (error) => {
    if (error !== null) onLost();
  });
}

/** JSON has no undefined. */
function withNulls(variables: StartRequest['variables']): Record<string, string | null> {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, value ?? null]));
}
