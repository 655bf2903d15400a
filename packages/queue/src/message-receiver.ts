import type { MessageWorker, QueueBackend, TakenMessage } from './queue-backend.js';
import { createReopening } from './reopening.js';
import { within } from './within.js';

export interface ReceivedMessage {
  readonly executionId: number;
  /** Removes the message from the queue. */
  remove(): Promise<void>;
  /** Lets another worker have it. */
  putBack(): Promise<void>;
}

export interface MessageReceiver {
  /** Waits for a message. `undefined` from time to time, when none came: ask again. Rejects when the queue is away. */
  next(): Promise<ReceivedMessage | undefined>;
  /** Makes a waiting `next` return soon. */
  interrupt(): Promise<void>;
  close(): Promise<void>;
}

/**
 * A wait ends with the first new message: PostgreSQL notifies, Redis unblocks. This is only how long one wait may
 * last, so that a notification lost on the way costs no more than this.
 */
const WAIT_SECONDS = 5;
const CLOSE_TIMEOUT_MS = 3_000;

export function createMessageReceiver({
  backend,
  onError,
}: {
  backend: QueueBackend;
  onError: (error: Error) => void;
}): MessageReceiver {
  const workers = createReopening<MessageWorker>({ open: openWorker, close: closeWorker });
  let lastToken = 0;
  let staleCheck: NodeJS.Timeout | undefined;

  function openWorker(): MessageWorker {
    const worker = backend.openWorker();
    worker.on('error', onError);
    // Not BullMQ's own timer, which holds the process for seconds after a stop when the queue was away.
    staleCheck = setInterval(() => {
      worker.getBackend().moveStalledJobsToWait().catch(onError);
    }, backend.staleAfterMs);
    return worker;
  }

  async function closeWorker(worker: MessageWorker): Promise<void> {
    clearInterval(staleCheck);
    // Forced: BullMQ has no work in hand here that it could wait for.
    await within(CLOSE_TIMEOUT_MS, worker.close(true), 'The queue did not close its connections in time.');
  }

  async function takeFrom(worker: MessageWorker): Promise<ReceivedMessage | undefined> {
    const token = `${worker.id}:${++lastToken}`;
    const taken = await worker.getNextJob(token, { block: false });
    return taken === undefined ? undefined : receivedMessage(taken, token);
  }

  return {
    async next() {
      const worker = await workers.ready();
      const waiting = await takeFrom(worker);
      if (waiting !== undefined) return waiting;
      await waitForMessage(worker);
      return takeFrom(worker);
    },
    async interrupt() {
      await workers.current?.getBackend().disconnectBlocking(true);
    },
    async close() {
      await workers.close();
    },
  };
}

async function waitForMessage(worker: MessageWorker): Promise<void> {
  try {
    await worker.getBackend().waitForJob(WAIT_SECONDS);
  } catch (error) {
    // A blocking connection that was cut in the middle of a wait has to be told to come back.
    await worker.getBackend().reconnectBlocking();
    throw error;
  }
}

function receivedMessage(taken: TakenMessage, token: string): ReceivedMessage {
  return {
    executionId: taken.data.executionId,
    remove: async () => void (await taken.moveToCompleted(null, token, false)),
    putBack: async () => void (await taken.moveToWait(token)),
  };
}
