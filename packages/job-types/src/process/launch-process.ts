import { spawn } from 'node:child_process';
import { killProcesses } from './kill-ladder.js';
import type { KillReport } from './kill-ladder.js';
import type { ProcessTable } from './process-table.js';

export type ProcessEnd =
  | { readonly result: 'not-started'; readonly error: NodeJS.ErrnoException }
  | {
      readonly result: 'ended';
      readonly pid: number;
      /** Undefined when a signal ended it. */
      readonly exitCode: number | undefined;
      readonly signal: NodeJS.Signals | undefined;
      /** Set when it was killed on request, however it then ended. */
      readonly kill: KillReport | undefined;
    };

export interface Launch {
  /** Program and arguments; no shell sees them. */
  readonly words: readonly [program: string, ...parameters: string[]];
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Open for appending; gets stdout and stderr. */
  readonly outputFd: number;
  readonly marker: string;
  readonly killGraceMs: number;
  /** Aborted = end the process and everything it has started. */
  readonly signal: AbortSignal;
  readonly table: ProcessTable;
}

/**
 * Starts a process in a session of its own and waits for its end. Its output goes straight into a file and its input is
 * empty, so it neither waits for this process nor dies with it. Background children of a process that ends by itself
 * are left alone, as Azkaban leaves them; a kill ends them all.
 */
export function launchProcess(launch: Launch): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    const child = start(launch);
    if (child instanceof Error) return resolve({ result: 'not-started', error: child });

    let killing: Promise<KillReport> | undefined;
    const kill = (): void => {
      const { pid } = child;
      if (pid === undefined) return;
      killing = killProcesses({
        owner: { pid, markers: new Set([launch.marker]) },
        graceMs: launch.killGraceMs,
        table: launch.table,
      });
    };
    launch.signal.addEventListener('abort', kill, { once: true });
    if (launch.signal.aborted) kill();

    child.once('error', (error) => {
      launch.signal.removeEventListener('abort', kill);
      resolve({ result: 'not-started', error });
    });
    child.once('exit', (exitCode, signal) => {
      launch.signal.removeEventListener('abort', kill);
      const end = (report: KillReport | undefined): void =>
        resolve({
          result: 'ended',
          pid: child.pid ?? 0,
          exitCode: exitCode ?? undefined,
          signal: signal ?? undefined,
          kill: report,
        });
      if (killing === undefined) end(undefined);
      else void killing.then(end);
    });
  });
}

function start({ words, workingDirectory, environment, outputFd }: Launch): ReturnType<typeof spawn> | Error {
  const [program, ...parameters] = words;
  try {
    return spawn(program, parameters, {
      cwd: workingDirectory,
      env: environment,
      stdio: ['ignore', outputFd, outputFd],
      detached: true,
    });
  } catch (error) {
    // Some reasons (a NUL in an argument, too many arguments) are thrown, the others arrive as an event.
    return error instanceof Error ? error : new Error(String(error));
  }
}
