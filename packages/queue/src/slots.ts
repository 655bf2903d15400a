/** A number of slots, each held by one piece of work at a time. */
export interface Slots {
  readonly total: number;
  readonly held: number;
  /** Waits until a slot is free. `undefined` when `signal` is aborted first. */
  take(signal: AbortSignal): Promise<ReleaseSlot | undefined>;
  /** With fewer slots than are held, nothing is taken until enough have come back. */
  resize(total: number): void;
}

export type ReleaseSlot = () => void;

export function createSlots(initial: number): Slots {
  let total = checked(initial);
  let held = 0;
  const waiting = new Set<() => void>();

  function wakeWaiting(): void {
    for (const wake of waiting) wake();
  }

  return {
    get total() {
      return total;
    },
    get held() {
      return held;
    },
    async take(signal) {
      while (held >= total && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const wake = (): void => {
            waiting.delete(wake);
            signal.removeEventListener('abort', wake);
            resolve();
          };
          waiting.add(wake);
          signal.addEventListener('abort', wake);
        });
      }
      if (signal.aborted) return undefined;
      held++;
      let released = false;
      return () => {
        if (released) return;
        released = true;
        held--;
        wakeWaiting();
      };
    },
    resize(next) {
      total = checked(next);
      wakeWaiting();
    },
  };
}

function checked(total: number): number {
  if (Number.isInteger(total) && total >= 0) return total;
  throw new RangeError(`Concurrency ${total} is not valid; use 0 (takes nothing) or a larger whole number.`);
}
