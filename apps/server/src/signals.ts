import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '@lockstep/domain';
import type { Log } from './log/create-log.js';
import type { Shutdown } from './shutdown.js';

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/**
 * Ctrl-C under `npm start` arrives twice: from the terminal, which signals the whole process group, and from npm, which
 * passes on its own. A second signal within this time is the first one again, not impatience.
 */
const SAME_SIGNAL_MS = 700;

/** What cannot even be killed in this time outlives the process; the next start cleans up after it. */
const KILL_TIMEOUT_MS = 5_000;

/**
 * Stops on the first signal (exit code 0 when all went well), ends at once on a second one (exit code 1), and ends when
 * stopping takes longer than `timeoutMs` (exit code 1). Programming mistakes nobody caught stop the process as well.
 */
export function stopOnSignals({
  shutdown,
  log,
  clock,
  timeoutMs,
}: {
  shutdown: Shutdown;
  log: Log;
  clock: Clock;
  timeoutMs: number;
}): void {
  let firstAt: number | undefined;

  const stop = (exitCode: number) => {
    firstAt = clock.now();
    setTimeout(() => void endNow(`Stopping took longer than ${timeoutMs} ms; ending at once`), timeoutMs).unref();
    void shutdown.stopAll().then((clean) => process.exit(clean ? exitCode : 1));
  };
  const endNow = async (why: string) => {
    log.warn(why);
    await Promise.race([shutdown.killAll(), delay(KILL_TIMEOUT_MS)]);
    process.exit(1);
  };

  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (firstAt === undefined) {
        log.info(`${signal}: stopping (again to end at once)`);
        stop(0);
      } else if (clock.now() - firstAt > SAME_SIGNAL_MS) {
        void endNow(`${signal} again: ending at once`);
      }
    });
  }
  const giveUp = (error: unknown) => {
    log.fatal({ err: error }, 'Unexpected error; stopping');
    if (firstAt === undefined) stop(1);
  };
  process.on('uncaughtException', giveUp);
  process.on('unhandledRejection', giveUp);
}
