import type { Clock, SessionStore, WorkerRegistry } from '@lockstep/domain';
import type { ExecutionDispatcher } from '@lockstep/queue';
import type { Log } from '../log/create-log.js';
import type { Stoppable } from '../shutdown.js';
import { repeatUntilStopped } from './repeat-until-stopped.js';

export interface SchedulerRoleOptions {
  readonly registry: WorkerRegistry;
  readonly dispatcher: ExecutionDispatcher;
  readonly sessions: SessionStore;
  /** Calls back when an execution need not wait for others any more; ends with the returned function. */
  readonly onReleased: (listener: () => void) => Promise<() => Promise<void>>;
  readonly clock: Clock;
  readonly log: Log;
  readonly sweepEveryMs: number;
  readonly sessionTtlMs: number;
}

/** An execution waits this long for a worker before it is announced again: its message may have been lost. */
const QUIET_MS = 10_000;
/** Announced in one go; a full batch is followed by the next one at once. */
const BATCH_SIZE = 1_000;
const EXPIRE_SESSIONS_EVERY_MS = 10 * 60_000;

/**
 * Looks after what happens without a request: buries workers whose heartbeat has stopped, sends executions on their way
 * again that no living worker has, removes expired sessions. Several processes may do this at once; they share the work.
 */
export function startSchedulerRole(options: SchedulerRoleOptions): Stoppable {
  const { log, clock, sessions, sessionTtlMs } = options;
  let expireAt = clock.now();
  return repeatUntilStopped({
    what: 'the scheduler',
    async work() {
      await sweep(options);
      if (clock.now() < expireAt) return;
      await sessions.expire({ now: clock.now(), timeToLiveMs: sessionTtlMs });
      expireAt = clock.now() + EXPIRE_SESSIONS_EVERY_MS;
    },
    pauseMs: options.sweepEveryMs,
    onWake: options.onReleased,
    failure: 'The sweep failed; trying again',
    deafness: 'Released executions are only found by the sweep',
    log,
  });
}

async function sweep({ registry, dispatcher, log }: SchedulerRoleOptions): Promise<void> {
  for (const workerId of await registry.buryDead()) {
    log.warn({ workerId }, 'A worker has stopped saying that it lives; its executions go to others');
  }
  for (;;) {
    const overdue = await registry.takeOverdue({ quietMs: QUIET_MS, limit: BATCH_SIZE });
    if (overdue.length > 0) await dispatcher.nudgeMany(overdue);
    if (overdue.length < BATCH_SIZE) return;
  }
}
