import { setTimeout as delay } from 'node:timers/promises';
import { createMessageReceiver, type ReceivedMessage } from './message-receiver.js';
import type { QueueBackend } from './queue-backend.js';
import { createSlots, type ReleaseSlot } from './slots.js';
import { within } from './within.js';

export interface ExecutionWorkerOptions {
  readonly backend: QueueBackend;
  /** How many executions are handled at once; 0 takes none until it is raised. */
  readonly concurrency: number;
  /**
   * Looks at the execution. Holds a slot until its promise ends, for days if need be. It may be called for an execution
   * that is handled already, here or elsewhere, or that is over: it finds out by claiming it, and returns.
   */
  readonly handle: (executionId: number) => Promise<void>;
  /** Told of what `handle` throws, and of a queue that is away. Nothing of that ends the worker. */
  readonly onError: (error: Error) => void;
}

export interface ExecutionWorker {
  start(): void;
  /** Takes no more messages, at once. Does not interrupt what is handled; waits for it unless told to leave it. */
  stop(options?: { running: 'wait' | 'leave' }): Promise<void>;
  /** Lowering it ends nothing: slots are given back as executions end. */
  setConcurrency(concurrency: number): void;
  /** Executions being handled now. */
  readonly handling: number;
}

/**
 * Hands messages to `handle`. A message is removed from the queue as soon as it is taken, not when its execution ends:
 * a run of days then needs no lock that is renewed all along, and no restart of the queue can take it away or hand it
 * out twice. What is lost when a worker dies in that moment is sent again by the sweep.
 */
export function createExecutionWorker(options: ExecutionWorkerOptions): ExecutionWorker {
  const { backend, handle, onError } = options;
  const slots = createSlots(options.concurrency);
  const stopping = new AbortController();
  const receiver = createMessageReceiver({ backend, onError });
  const work = new Set<Promise<void>>();
  const removals = new Set<Promise<void>>();
  let loop: Promise<void> | undefined;
  let stopped: Promise<void> | undefined;

  async function takeMessages(): Promise<void> {
    let failures = 0;
    for (;;) {
      const release = await slots.take(stopping.signal);
      if (release === undefined) return;
      try {
        const message = await receiver.next();
        failures = 0;
        if (message === undefined) release();
        else if (stopping.signal.aborted) await message.putBack().finally(release);
        else accept(message, release);
      } catch (error) {
        release();
        if (stopping.signal.aborted) return;
        onError(asError(error));
        await pause(failures++, stopping.signal);
      }
    }
  }

  /** The message is removed while its execution is already looked at: one round trip less until a job starts. */
  function accept(message: ReceivedMessage, release: ReleaseSlot): void {
    keepUntilDone(removals, message.remove());
    keepUntilDone(work, handleNow(message.executionId).finally(release));
  }

  async function handleNow(executionId: number): Promise<void> {
    await handle(executionId);
  }

  function keepUntilDone(set: Set<Promise<void>>, promise: Promise<void>): void {
    const kept = promise.catch((error: unknown) => onError(asError(error)));
    set.add(kept);
    void kept.then(() => set.delete(kept));
  }

  /** Every step has a time limit: a server that is away at that moment must not keep us from stopping. */
  async function stopTaking(): Promise<void> {
    stopping.abort();
    await within(INTERRUPT_TIMEOUT_MS, receiver.interrupt(), UNANSWERED).catch(onError);
    await within(LAST_ANSWERS_TIMEOUT_MS, Promise.all([loop, ...removals]), UNANSWERED).catch(onError);
    await receiver.close().catch(onError);
  }

  return {
    start() {
      if (stopping.signal.aborted) throw new Error('This worker has been stopped; create another one.');
      loop ??= takeMessages();
    },
    async stop({ running } = { running: 'wait' }) {
      stopped ??= stopTaking();
      await stopped;
      if (running === 'wait') await Promise.all(work);
    },
    setConcurrency: (concurrency) => slots.resize(concurrency),
    get handling() {
      return work.size;
    },
  };
}

const INTERRUPT_TIMEOUT_MS = 1_000;
const LAST_ANSWERS_TIMEOUT_MS = 2_000;
const UNANSWERED = 'The queue did not answer while the worker stopped; what it had taken there will be sent again.';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

async function pause(failures: number, signal: AbortSignal): Promise<void> {
  await delay(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures), undefined, { signal }).catch(() => undefined);
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
