import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createPendingProcess } from './pending-process.js';
import type { ProcessStarter, StartedProcess, StartRequest } from './process-starter.js';

/** Starts processes from this process. Right where it is small, e.g. in a command-line tool. */
export function createLocalStarter(): ProcessStarter {
  return { start, close: () => undefined };
}

function start({
  program,
  parameters,
  workingDirectory,
  environment,
  variables,
  outputFile,
}: StartRequest): StartedProcess {
  const pending = createPendingProcess();
  let fd: number | undefined;
  try {
    fd = openSync(outputFile, 'a', 0o600);
    const child = spawn(program, [...parameters], {
      cwd: workingDirectory,
      env: { ...environment, ...variables },
      stdio: ['ignore', fd, fd],
      detached: true,
    });
    if (child.pid !== undefined) pending.hasStarted(child.pid);
    child.once('error', pending.hasFailed);
    child.once('exit', (exitCode, signal) =>
      pending.hasEnded({ exitCode: exitCode ?? undefined, signal: signal ?? undefined }),
    );
  } catch (error) {
    // Some reasons (a NUL in an argument, too many arguments) are thrown, the others arrive as an event.
    pending.hasFailed(error instanceof Error ? error : new Error(String(error)));
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
  return pending;
}
