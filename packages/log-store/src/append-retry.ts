export interface AppendFailure {
  readonly error: unknown;
  /** How many times in a row it has failed. */
  readonly failures: number;
  readonly retryInMs: number;
}

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;

/** Calls `append` until it succeeds (true), waiting longer after each failure; gives up (false) only once `signal` is aborted. */
export async function storeUntilDone({
  append,
  signal,
  onFailed,
}: {
  readonly append: () => Promise<void>;
  readonly signal: AbortSignal;
  readonly onFailed?: (failure: AppendFailure) => void;
}): Promise<boolean> {
  for (let failures = 1; ; failures++) {
    try {
      await append();
      return true;
    } catch (error) {
      const retryInMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1));
      onFailed?.({ error, failures, retryInMs });
      if (signal.aborted) return false;
      await waitOrAbort(retryInMs, signal);
    }
  }
}

function waitOrAbort(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
