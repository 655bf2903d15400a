import type { Dispatcher } from '@lockstep/domain';
import { jobOfNudge, type Nudge } from './message.js';
import type { MessageQueue, QueueBackend } from './queue-backend.js';
import { createReopening } from './reopening.js';
import { within } from './within.js';

export interface ExecutionDispatcher extends Dispatcher {
  nudge(nudge: Nudge): Promise<void>;
  /** The same for many, in few round trips. */
  nudgeMany(nudges: readonly Nudge[]): Promise<void>;
}

export interface ExecutionDispatcherOptions {
  readonly backend: QueueBackend;
  /** Told of nudges that could not be sent, and of connections lost and not yet found again. */
  readonly onError: (error: Error) => void;
}

/**
 * Sends nudges. They never reject and take two seconds at most: what the nudge is about is already stored, and the
 * sweep sends it again, so a queue that is away must neither fail nor delay the caller.
 */
export function createDispatcher({ backend, onError }: ExecutionDispatcherOptions): ExecutionDispatcher {
  const queue = createReopening<MessageQueue>({
    open: () => {
      const opened = backend.openQueue();
      opened.on('error', onError);
      return opened;
    },
    close: closeQueue,
  });
  const sending = new Set<Promise<void>>();
  let closed = false;

  async function send(use: (opened: MessageQueue) => Promise<unknown>, what: string): Promise<void> {
    if (closed) return onError(new Error(`${what} could not be nudged: the dispatcher is closed.`));
    const attempt = deliver(queue.ready().then(use), what, onError);
    sending.add(attempt);
    await attempt;
    sending.delete(attempt);
  }

  return {
    async nudge(nudge) {
      const { name, data, opts } = jobOfNudge(nudge);
      await send((opened) => opened.add(name, data, opts), `Execution ${nudge.executionId}`);
    },
    async nudgeMany(nudges) {
      for (let start = 0; start < nudges.length; start += BATCH_SIZE) {
        const jobs = nudges.slice(start, start + BATCH_SIZE).map(jobOfNudge);
        await send((opened) => opened.addBulk(jobs), `A batch of ${jobs.length} executions`);
      }
    },
    async close() {
      closed = true;
      await Promise.allSettled(sending);
      await queue.close().catch(onError);
    },
  };
}

const BATCH_SIZE = 1_000;
const SEND_TIMEOUT_MS = 2_000;
const CLOSE_TIMEOUT_MS = 2_000;
const NOT_CLOSED = 'The queue did not close its connections in time.';

/** Says goodbye; to a server that does not answer, it just hangs up. */
async function closeQueue(opened: MessageQueue): Promise<void> {
  try {
    await within(CLOSE_TIMEOUT_MS, opened.close(), NOT_CLOSED);
  } catch {
    await within(CLOSE_TIMEOUT_MS, opened.disconnect(), NOT_CLOSED);
  }
}

async function deliver(sent: Promise<unknown>, what: string, onError: (error: Error) => void): Promise<void> {
  try {
    await within(SEND_TIMEOUT_MS, sent, `The queue did not answer within ${SEND_TIMEOUT_MS} ms.`);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    onError(new Error(`${what} could not be nudged and will be by the next sweep: ${reason}`, { cause }));
  }
}
