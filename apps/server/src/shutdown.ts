import type { Log } from './log/create-log.js';

/** Something that was started and can be stopped; `what` completes the sentence "stopping …". */
export interface Stoppable {
  readonly what: string;
  stop(): Promise<void>;
  /** At once and without waiting: what must not outlive this process. For a second signal, or when stopping takes too long. */
  kill?(): void;
}

export interface Shutdown {
  /** Stopped in reverse order. */
  add(started: Stoppable): void;
  /** Stops everything; true when all went well. Asked again, it gives the same promise. */
  stopAll(): Promise<boolean>;
  killAll(): void;
  isStopping(): boolean;
}

export function createShutdown({ log }: { log: Log }): Shutdown {
  const stack: Stoppable[] = [];
  let stopping: Promise<boolean> | undefined;

  async function unwind(): Promise<boolean> {
    let clean = true;
    for (let started = stack.at(-1); started; started = stack.at(-1)) {
      log.debug(`Stopping ${started.what}`);
      try {
        await started.stop();
      } catch (error) {
        clean = false;
        log.error({ err: error }, `Stopping ${started.what} failed`);
        started.kill?.();
      }
      stack.splice(stack.indexOf(started), 1);
    }
    return clean;
  }

  return {
    add: (started) => void stack.push(started),
    stopAll: () => (stopping ??= unwind()),
    killAll: () => stack.toReversed().forEach(({ kill }) => kill?.()),
    isStopping: () => stopping !== undefined,
  };
}
