import { setTimeout as delay } from 'node:timers/promises';
import type { FollowUps } from '@lockstep/services';
import type { Log } from '../log/create-log.js';
import type { Stoppable } from '../shutdown.js';

export interface FollowUpLoopOptions {
  readonly followUps: FollowUps;
  /** Calls back when there may be something to do; ends with the returned function. */
  readonly onEnded: (listener: () => void) => Promise<() => Promise<void>>;
  readonly log: Log;
  /** How often to look without being told: for what was put off, and for messages that were lost. */
  readonly sweepEveryMs: number;
}

/**
 * Retries whole executions and starts flows that come after others. Several processes may do this at once; each end is
 * dealt with by one of them.
 */
export function startFollowUpLoop({ followUps, onEnded, log, sweepEveryMs }: FollowUpLoopOptions): Stoppable {
  const stopping = new AbortController();
  let wake = new AbortController();
  const listening = onEnded(() => wake.abort());
  listening.catch((error: unknown) => log.warn({ err: error }, 'Ended executions are only found by the sweep'));

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      // Before the work: an end that comes during it must not be slept over.
      wake = new AbortController();
      try {
        while (!stopping.signal.aborted && (await followUps.handleNext()));
      } catch (error) {
        if (!stopping.signal.aborted) log.warn({ err: error }, 'Ends of executions cannot be looked at; trying again');
      }
      const signal = AbortSignal.any([stopping.signal, wake.signal]);
      await delay(sweepEveryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  const looping = loop();
  return {
    what: 'what follows from executions',
    async stop() {
      stopping.abort();
      await looping;
      await (
        await listening.catch(() => undefined)
      )?.();
    },
  };
}
