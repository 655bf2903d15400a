import type { QueueBackend } from '@lockstep/queue';
import type { Config } from '../config/keys.js';
import { unusableService } from './unusable-service.js';

/** Apart from the product's own tables. */
const QUEUE_SCHEMA = 'lockstep_queue';

/** The queue in Redis when there is one, else in PostgreSQL; brought up to date. Throws `StartError`. */
export async function openQueue({
  config,
  connectionString,
}: {
  config: Config;
  connectionString: string;
}): Promise<QueueBackend> {
  const { createQueueBackend } = await import('@lockstep/queue');
  const queue =
    config.redisUrl === undefined
      ? createQueueBackend({ kind: 'postgres', connection: connectionString, schema: QUEUE_SCHEMA })
      : createQueueBackend({ kind: 'redis', url: config.redisUrl });
  try {
    await queue.migrate();
    return queue;
  } catch (cause) {
    throw unusableService('The queue', { address: config.redisUrl, setting: 'LOCKSTEP_REDIS_URL', cause });
  }
}
