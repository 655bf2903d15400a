import { postgresBackend } from './backends/postgres.js';
import { redisBackend } from './backends/redis.js';
import type { QueueBackend, QueueOptions } from './queue-backend.js';

export function createQueueBackend(options: QueueOptions): QueueBackend {
  switch (options.kind) {
    case 'postgres':
      return postgresBackend(options);
    case 'redis':
      return redisBackend(options);
  }
}
