import { Queue, Worker } from 'bullmq';
import { QUEUE_NAME } from '../message.js';
import type { QueueBackend, RedisQueueOptions } from '../queue-backend.js';
import { DEFAULT_STALE_AFTER_MS, QUEUE_SETTINGS, workerSettings } from './bullmq-settings.js';

const DEFAULT_PREFIX = 'lockstep';
const FIRST_RECONNECT_MS = 50;
const LAST_RECONNECT_MS = 2_000;

export function redisBackend({
  url,
  prefix = DEFAULT_PREFIX,
  staleAfterMs = DEFAULT_STALE_AFTER_MS,
}: RedisQueueOptions): QueueBackend {
  return {
    kind: 'redis',
    staleAfterMs,
    migrate: () => Promise.resolve(),
    // A nudge fails at the first reconnection that fails, instead of piling up in memory while Redis is away.
    openQueue: () =>
      new Queue(QUEUE_NAME, { ...QUEUE_SETTINGS, prefix, connection: { url, retryStrategy, maxRetriesPerRequest: 1 } }),
    openWorker: () =>
      new Worker(QUEUE_NAME, null, { ...workerSettings(staleAfterMs), prefix, connection: { url, retryStrategy } }),
  };
}

function retryStrategy(attempt: number): number {
  return Math.min(LAST_RECONNECT_MS, FIRST_RECONNECT_MS * 2 ** attempt);
}
