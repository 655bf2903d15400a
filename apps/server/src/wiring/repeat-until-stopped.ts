import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../log/create-log.js';
import type { Stoppable } from '../shutdown.js';

export interface Repetition {
  /** Completes the sentence "stopping …". */
  readonly what: string;
  /** One round; the signal says that no more is wanted. What it throws is logged, and the next round comes all the same. */
  readonly work: (stopping: AbortSignal) => Promise<void>;
  /** The longest pause between two rounds. */
  readonly pauseMs: number;
  /** Calls back when the next round should come at once; ends with the returned function. */
  readonly onWake: (wake: () => void) => Promise<() => Promise<void>>;
  /** Logged when a round has failed, and when nobody can call for one. */
  readonly failure: string;
  readonly deafness: string;
  readonly log: Log;
}

/** Does a piece of work again and again: after a pause, or when it is called for. Starts at once. */
export function repeatUntilStopped({ what, work, pauseMs, onWake, failure, deafness, log }: Repetition): Stoppable {
  const stopping = new AbortController();
  let wake = new AbortController();
  const listening = onWake(() => wake.abort());
  listening.catch((error: unknown) => log.warn({ err: error }, deafness));

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      // Before the work: a call that comes during it must not be slept over.
      wake = new AbortController();
      try {
        await work(stopping.signal);
      } catch (error) {
        if (!stopping.signal.aborted) log.warn({ err: error }, failure);
      }
      const signal = AbortSignal.any([stopping.signal, wake.signal]);
      await delay(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  const looping = loop();
  return {
    what,
    async stop() {
      stopping.abort();
      await looping;
      const stopListening = await listening.catch(() => undefined);
      await stopListening?.();
    },
  };
}
