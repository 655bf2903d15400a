import type { FollowUps } from '@lockstep/services';
import type { Log } from '../log/create-log.js';
import type { Stoppable } from '../shutdown.js';
import { repeatUntilStopped } from './repeat-until-stopped.js';

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
  return repeatUntilStopped({
    what: 'what follows from executions',
    work: async (stopping) => {
      while (!stopping.aborted && (await followUps.handleNext()));
    },
    pauseMs: sweepEveryMs,
    onWake: onEnded,
    failure: 'Ends of executions cannot be looked at; trying again',
    deafness: 'Ended executions are only found by the sweep',
    log,
  });
}
