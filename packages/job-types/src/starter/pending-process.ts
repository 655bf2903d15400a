import type { ProcessExit, StartedProcess } from './process-starter.js';

/** A process whose start and end are still to be heard of. */
export interface PendingProcess extends StartedProcess {
  hasStarted(pid: number): void;
  hasFailed(error: Error): void;
  hasEnded(exit: ProcessExit): void;
}

export function createPendingProcess(): PendingProcess {
  let hasStarted: PendingProcess['hasStarted'] = () => undefined;
  let hasFailed: PendingProcess['hasFailed'] = () => undefined;
  let hasEnded: PendingProcess['hasEnded'] = () => undefined;
  const started = new Promise<{ readonly pid: number }>((resolve, reject) => {
    hasStarted = (pid) => resolve({ pid });
    hasFailed = reject;
  });
  const ended = new Promise<ProcessExit>((resolve) => {
    hasEnded = resolve;
  });
  // Whoever waits for the end may not have looked at the start.
  started.catch(() => undefined);
  return { started, ended, hasStarted, hasFailed, hasEnded };
}
