import type { Clock } from '@lockstep/domain';

/** The longest wait of one `setTimeout`; longer ones are waited for in pieces. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

/** Timers of one execution, by key; arming a key again replaces its timer. */
export class Timers {
  readonly #clock: Clock;
  readonly #pending = new Map<string, NodeJS.Timeout>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls back at `at` (epoch milliseconds), at once when that is past. */
  arm(key: string, at: number, fire: () => void): void {
    this.disarm(key);
    const waitMs = Math.max(0, at - this.#clock.now());
    const timeout = setTimeout(
      () => {
        if (waitMs > LONGEST_WAIT_MS) return this.arm(key, at, fire);
        this.#pending.delete(key);
        fire();
      },
      Math.min(waitMs, LONGEST_WAIT_MS),
    );
    this.#pending.set(key, timeout);
  }

  disarm(key: string): void {
    clearTimeout(this.#pending.get(key));
    this.#pending.delete(key);
  }

  disarmAll(): void {
    for (const key of [...this.#pending.keys()]) this.disarm(key);
  }
}
