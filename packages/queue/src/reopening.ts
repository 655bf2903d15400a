interface Openable {
  waitUntilReady(): Promise<unknown>;
}

/** Holds one opened thing at a time. */
export interface Reopening<T> {
  /** The open one, ready for use; opens it when there is none. Rejects when it does not get ready. */
  ready(): Promise<T>;
  /** The open one, ready or not. */
  readonly current: T | undefined;
  /** Forgets and closes the open one; `ready` would open another. */
  close(): Promise<void>;
}

/**
 * BullMQ remembers a first connection that failed and never tries another. This closes such a queue or worker, so that
 * the next use begins afresh: a server that is down when we start is no different from one that goes away later.
 */
export function createReopening<T extends Openable>({
  open,
  close,
}: {
  open: () => T;
  close: (opened: T) => Promise<void>;
}): Reopening<T> {
  let current: T | undefined;

  async function closeCurrent(): Promise<void> {
    const closing = current;
    current = undefined;
    if (closing !== undefined) await close(closing);
  }

  return {
    async ready() {
      current ??= open();
      const opened = current;
      try {
        await opened.waitUntilReady();
      } catch (error) {
        if (current === opened) await closeCurrent();
        throw error;
      }
      return opened;
    },
    get current() {
      return current;
    },
    close: closeCurrent,
  };
}
