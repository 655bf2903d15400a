import type { BulkJobOptions } from 'bullmq';

/** "Look at this execution." Says nothing about it: what to do stands in the database. */
export interface Nudge {
  readonly executionId: number;
  /** How often the execution has been claimed; makes a repeated nudge after a worker's death a new message. */
  readonly ticket: number;
  /** Higher ones are taken first, 0 by default; among equals the oldest. */
  readonly priority?: number;
}

export interface MessageData {
  readonly executionId: number;
}

export interface MessageJob {
  readonly name: string;
  readonly data: MessageData;
  readonly opts: BulkJobOptions;
}

/** One queue for all executions. Also the name under which it shows in tools for BullMQ. */
export const QUEUE_NAME = 'executions';

/**
 * While a message with the same execution and ticket waits, a second one is dropped by BullMQ. It is removed as soon
 * as it is taken, so that it can be sent again.
 */
export function jobOfNudge({ executionId, ticket, priority = 0 }: Nudge): MessageJob {
  return {
    name: 'look-at-execution',
    data: { executionId },
    opts: {
      // No colon: BullMQ uses it to separate the parts of a Redis key.
      jobId: `${executionId}-${ticket}`,
      priority: bullmqPriority(priority),
      removeOnComplete: true,
      removeOnFail: true,
    },
  };
}

/** BullMQ takes low numbers first, down to 1, up to 2^21; 0 would overtake all that have a priority. */
const MOST_URGENT = 1;
const NORMAL = 1_000_000;
const LEAST_URGENT = 2_097_151;

function bullmqPriority(priority: number): number {
  return Math.min(LEAST_URGENT, Math.max(MOST_URGENT, NORMAL - Math.round(priority)));
}
