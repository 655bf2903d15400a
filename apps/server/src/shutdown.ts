import type { Log } from './log/create-log.js';

/** Something that was started and can be stopped; `what` completes the sentence "stopping …". */
export interface Stoppable {
  readonly what: string;
  stop(): Promise<void>;
  /** Ends at once what must not outlive this process: for a second signal, or when stopping takes too long. */
  kill?(): Promise<void> | void;
}

export interface Shutdown {
  /** Stopped in reverse order. */
  add(started: Stoppable): void;
  /** Stops everything; true when all went well. Asked again, it gives the same promise. */
  stopAll(): Promise<boolean>;
  /** Kills whatever has not been stopped yet, all at once. */
  killAll(): Promise<void>;
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
        await killQuietly(started);
      }
      stack.splice(stack.indexOf(started), 1);
    }
    return clean;
  }

  async function killQuietly({ what, kill }: Stoppable): Promise<void> {
    try {
      await kill?.();
    } catch (error) {
      log.error({ err: error }, `Killing ${what} failed`);
    }
  }

  return {
    add: (started) => void stack.push(started),
    stopAll: () => (stopping ??= unwind()),
    killAll: async () => void (await Promise.all(stack.toReversed().map(killQuietly))),
    isStopping: () => stopping !== undefined,
  };
}
