import type { Clock, Lease, LogChunk, LogChunks } from '@lockstep/domain';
import { storeUntilDone } from './append-retry.js';
import type { AppendFailure } from './append-retry.js';
import type { AttemptLog, FinishedLog } from './attempt-log.js';
import { createLogBuffer } from './log-buffer.js';
import type { LogBuffer } from './log-buffer.js';
import { createLogTimestamps } from './log-timestamps.js';

export interface LogWriterOptions {
  readonly chunks: LogChunks;
  readonly clock: Clock;
  /** Zone of the time stamps, e.g. `Europe/Berlin`. */
  readonly timeZone: string;
  /** How often followed files are looked at and new bytes stored. Default 100. */
  readonly flushIntervalMs?: number;
  /** Bytes of all logs in one `append`. Default 4 MiB. */
  readonly maxBatchBytes?: number;
  /** Formatted bytes of all logs in memory; above it followed files are left alone until some are stored. Default 8 MiB. */
  readonly maxBufferedBytes?: number;
  /** Told about every failed `append`; it is tried again, for ever. */
  readonly onAppendFailed?: (failure: AppendFailure) => void;
  /** A followed file that cannot be read: its log goes on without it. */
  readonly onReadFailed?: (failure: {
    readonly nestedId: string;
    readonly executionId: number;
    readonly error: unknown;
  }) => void;
}

/** Writes the logs of all attempts of one worker. */
export interface LogWriter {
  /** `startByte`: size of what an earlier owner of the same log has stored. Default 0. */
  open(log: {
    readonly lease: Lease;
    readonly nestedId: string;
    readonly attempt: number;
    /** The name in each line. */
    readonly jobName: string;
    readonly startByte?: number;
  }): AttemptLog;
  /** Stores what is there, trying once, and drops the logs that are still open. */
  close(): Promise<void>;
}

/** A chatty log stores pieces of this size at most. */
const MAX_CHUNK_BYTES = 1024 * 1024;
/** However many logs are chatty, each may buffer this much. */
const MIN_SHARE_BYTES = 16 * 1024;
/** What `finish` may hand back instead of storing it. */
const MAX_TAIL_BYTES = 128 * 1024;
/** One read; larger ones make strings the garbage collector handles badly. */
const SLICE_BYTES = 64 * 1024;
/** Formatting this much takes about a millisecond: other work gets its turn in between. */
const BYTES_PER_TURN = 256 * 1024;

/**
 * One cycle looks at every followed file and stores what is new, of all logs, in one append. Cycles follow each other
 * every `flushIntervalMs`, and at once while a log is behind. Memory stays bounded at any output rate because reading
 * and storing take turns: what does not fit stays in its file. Files are looked at with one `read` per cycle (1-2 µs)
 * rather than watched: 1,000 idle logs cost 2 % of a core, and there are no limits on watches and no missed events.
 */
export function createLogWriter(options: LogWriterOptions): LogWriter {
  const { chunks, clock, flushIntervalMs = 100, maxBatchBytes = 4 << 20, maxBufferedBytes = 8 << 20 } = options;
  const stampOf = createLogTimestamps({ timeZone: options.timeZone });
  const stamp = (): string => stampOf(clock.now());
  const scratch = Buffer.allocUnsafeSlow(SLICE_BYTES);
  const smallScratch = scratch.subarray(0, MIN_SHARE_BYTES);
  const open = new Set<OpenLog>();
  const closing = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let cycling = false;
  let cycleAgain = false;
  /** Closing, and the store does not answer: what is left in memory is lost. */
  let gaveUp = false;
  const waiting: (() => void)[] = [];

  interface OpenLog {
    readonly buffer: LogBuffer;
    readonly nestedId: string;
    /** Bytes of this log are in the batch on its way. */
    inFlight: boolean;
    /** More may be in the file than was read. */
    behind: boolean;
    /** Its last bytes go back to whoever called `finish`. */
    keepsTail: boolean;
  }

  /** Runs cycles until no log is behind. */
  const cycle = async (): Promise<void> => {
    if (cycling) {
      cycleAgain = true;
      return;
    }
    cycling = true;
    disarm();
    try {
      do {
        cycleAgain = false;
        await readFiles();
        await storeBatch();
        for (const wake of waiting.splice(0)) wake();
      } while ((cycleAgain || isBehind()) && !gaveUp);
    } finally {
      cycling = false;
      arm();
    }
  };

  const readFiles = async (): Promise<void> => {
    let sinceYield = 0;
    let buffered = sum(open, (log) => log.buffer.pendingBytes);
    const share = shareOf(maxBufferedBytes);
    for (const log of [...open]) {
      log.behind = log.buffer.followsFile;
      while (log.behind && log.buffer.pendingBytes < share) {
        const isFull = buffered >= maxBufferedBytes;
        const before = log.buffer.pendingBytes;
        // However much the others write, each log is looked at in every cycle.
        log.behind = readSlice(log, isFull ? smallScratch : scratch);
        buffered += log.buffer.pendingBytes - before;
        sinceYield += log.buffer.pendingBytes - before;
        if (isFull) break;
        if (sinceYield < BYTES_PER_TURN) continue;
        sinceYield = 0;
        await nextTurn();
      }
    }
  };

  const readSlice = (log: OpenLog, into: Buffer): boolean => {
    try {
      return log.buffer.readSlice(into);
    } catch (error) {
      const { nestedId } = log;
      options.onReadFailed?.({ nestedId, executionId: log.buffer.lease.executionId, error });
      log.buffer.giveUpFile();
      return false;
    }
  };

  const storeBatch = async (): Promise<void> => {
    const batch: { readonly lease: Lease; readonly chunk: LogChunk }[] = [];
    const share = shareOf(maxBatchBytes);
    let bytes = 0;
    for (const log of [...open]) {
      if (bytes >= maxBatchBytes) break;
      if (log.keepsTail && isTail(log)) continue;
      const chunk = log.buffer.takeChunk(share);
      if (chunk === undefined) continue;
      bytes += chunk.bytes.length;
      log.inFlight = true;
      batch.push({ lease: log.buffer.lease, chunk });
      // Who was served goes to the end: with more logs than fit into a batch, all get their turn.
      open.delete(log);
      open.add(log);
    }
    if (batch.length === 0) return;
    const stored = await storeUntilDone({
      append: () => chunks.append(batch),
      signal: closing.signal,
      ...(options.onAppendFailed && { onFailed: options.onAppendFailed }),
    });
    if (!stored) gaveUp = true;
    for (const log of open) log.inFlight = false;
  };

  const shareOf = (total: number): number => {
    const busy = Math.max(
      1,
      sum(open, (log) => (log.behind || log.buffer.pendingBytes > 0 ? 1 : 0)),
    );
    return Math.min(MAX_CHUNK_BYTES, Math.max(MIN_SHARE_BYTES, Math.floor(total / busy)));
  };

  const isBehind = (): boolean => {
    for (const log of open) if (log.behind || log.buffer.pendingBytes >= MAX_CHUNK_BYTES) return true;
    return false;
  };

  const arm = (): void => {
    if (timer !== undefined || cycling || closing.signal.aborted) return;
    for (const log of open) {
      if (!log.buffer.followsFile && log.buffer.pendingBytes === 0) continue;
      timer = setTimeout(() => void cycle(), flushIntervalMs);
      return;
    }
  };
  const disarm = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };

  /** Resolves after the next cycle. */
  const nextCycle = (): Promise<void> =>
    new Promise((resolve) => {
      waiting.push(resolve);
      void cycle();
    });

  const openLog: LogWriter['open'] = ({ lease, nestedId, attempt, jobName, startByte = 0 }) => {
    const buffer = createLogBuffer({ lease, nestedId, attempt, jobName, startByte, stamp });
    const log: OpenLog = { buffer, nestedId, inFlight: false, behind: false, keepsTail: false };
    open.add(log);
    let isOpen = true;
    const mustBeOpen = (): void => {
      if (!isOpen) throw new Error(`The log of job "${nestedId}", execution ${lease.executionId}, has been finished.`);
    };
    const drop = (): void => {
      isOpen = false;
      open.delete(log);
      buffer.close();
    };

    return {
      line: (level, text) => {
        if (!isOpen) return;
        buffer.line(level, text);
        arm();
      },
      followFile: (path, { fromByte = 0 } = {}) => {
        mustBeOpen();
        buffer.follow(path, fromByte);
        arm();
      },
      flush: async () => {
        mustBeOpen();
        const fileByte = buffer.fileSize();
        while (isOpen && !buffer.isReadUpTo(fileByte)) await nextCycle();
        const { endByte } = buffer;
        while (isOpen && (log.inFlight || endByte > buffer.endByte - buffer.pendingBytes)) await nextCycle();
      },
      finish: async (): Promise<FinishedLog> => {
        mustBeOpen();
        buffer.endFile();
        log.keepsTail = true;
        while (!buffer.isReadUpTo(Infinity) && buffer.pendingBytes <= MAX_TAIL_BYTES) readSlice(log, scratch);
        while (open.has(log) && (log.inFlight || !isTail(log))) await nextCycle();
        buffer.endLine();
        const chunk = buffer.takeChunk(Infinity);
        drop();
        return { pendingTail: chunk === undefined ? [] : [chunk], sizeBytes: buffer.endByte };
      },
      abandon: drop,
    };
  };

  /** All that is left of the log is short enough to be handed back. */
  const isTail = ({ buffer }: OpenLog): boolean => buffer.isReadUpTo(Infinity) && buffer.pendingBytes <= MAX_TAIL_BYTES;

  const isStored = ({ buffer, inFlight }: OpenLog): boolean =>
    !inFlight && buffer.pendingBytes === 0 && buffer.isReadUpTo(buffer.fileSize());

  return {
    open: openLog,
    close: async () => {
      closing.abort();
      for (const { buffer } of open) buffer.endFile();
      const unstored = (): boolean => [...open].some((log) => !log.keepsTail && !isStored(log));
      while (!gaveUp && unstored()) await nextCycle();
      disarm();
      for (const { buffer } of open) buffer.close();
      open.clear();
      for (const wake of waiting.splice(0)) wake();
    },
  };
}

function sum<Item>(items: Iterable<Item>, valueOf: (item: Item) => number): number {
  let total = 0;
  for (const item of items) total += valueOf(item);
  return total;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
