import type { Clock } from '@lockstep/domain';

/** Under npx, Ctrl-C arrives twice: from the terminal and passed on by npm. Within this time it is the same one. */
const SAME_SIGNAL_MS = 700;

/** Calls back on the first stop signal and on the next one that is meant; ends with the returned function. */
export function onStopSignals({
  clock,
  onFirst,
  onSecond,
}: {
  clock: Clock;
  onFirst: () => void;
  onSecond: () => void;
}): () => void {
  let firstAt: number | undefined;
  const receive = () => {
    if (firstAt === undefined) {
      firstAt = clock.now();
      onFirst();
    } else if (clock.now() - firstAt > SAME_SIGNAL_MS) {
      onSecond();
    }
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, receive);
  return () => {
    for (const signal of signals) process.off(signal, receive);
  };
}
