/**
 * A message is taken and removed within milliseconds, so an old lock belongs to a worker that died between the two. Its
 * message is put back however often that happens: giving up is not for the queue to decide.
 */
export function workerSettings(staleAfterMs: number): {
  readonly lockDuration: number;
  readonly stalledInterval: number;
  readonly maxStalledCount: number;
} {
  return { lockDuration: staleAfterMs, stalledInterval: staleAfterMs, maxStalledCount: MAX_POSTGRES_INTEGER };
}

export const DEFAULT_STALE_AFTER_MS = 10_000;
const MAX_POSTGRES_INTEGER = 2_147_483_647;

/** BullMQ writes an event for each change of a message. Nobody reads them here, so few are kept. */
export const QUEUE_SETTINGS = { streams: { events: { maxLen: 256 } } } as const;
