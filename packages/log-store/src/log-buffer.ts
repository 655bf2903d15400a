import type { Lease, LogChunk } from '@lockstep/domain';
import type { LogLevel } from './attempt-log.js';
import { createLinePrefixer } from './line-prefixer.js';
import { linePrefix } from './log-formatter.js';
import { createOutputTail } from './output-tail.js';
import type { OutputTail } from './output-tail.js';

/** What one log holds in memory: formatted bytes that are not stored, and how far the followed file has been read. */
export interface LogBuffer {
  readonly lease: Lease;
  /** Formatted bytes waiting for a batch. */
  readonly pendingBytes: number;
  /** Where the log ends, counting bytes that are pending or on their way. */
  readonly endByte: number;
  readonly followsFile: boolean;
  line(level: LogLevel, text: string): void;
  follow(path: string, fromByte: number): void;
  /**
   * Reads one slice of the followed file, if there is one: true when there may be more behind it. `scratch` is only
   * used during the call. Throws what the file system throws.
   */
  readSlice(scratch: Buffer): boolean;
  /** From now on the file counts as ended where it ends now. */
  endFile(): void;
  /** Nothing is left to read of what the file held at `fileByte`, and no line waits for it. */
  isReadUpTo(fileByte: number): boolean;
  /** The file counts as ended where reading stopped. */
  giveUpFile(): void;
  fileSize(): number;
  /** Takes up to `maxBytes` of the pending bytes out, as the next chunk. */
  takeChunk(maxBytes: number): LogChunk | undefined;
  endLine(): void;
  close(): void;
}

export interface LogBufferOptions {
  readonly lease: Lease;
  readonly nestedId: string;
  readonly attempt: number;
  readonly jobName: string;
  readonly startByte: number;
  /** The stamp of this moment. */
  readonly stamp: () => string;
}

export function createLogBuffer({ lease, nestedId, attempt, jobName, startByte, stamp }: LogBufferOptions): LogBuffer {
  const prefixer = createLinePrefixer();
  const prefixOf = createPrefixes(jobName);
  const pending: Buffer[] = [];
  let pendingBytes = 0;
  let takenUpTo = startByte;
  let tail: OutputTail | undefined;
  let fileEnd = Number.POSITIVE_INFINITY;
  /** Engine lines that have to wait until the file has been read up to where it was when they were written. */
  const waitingLines: { readonly afterByte: number; readonly text: string; readonly prefix: string }[] = [];

  const add = (bytes: Buffer): void => {
    if (bytes.length === 0) return;
    pending.push(bytes);
    pendingBytes += bytes.length;
  };

  const releaseLines = (): void => {
    for (let next = waitingLines[0]; next !== undefined; next = waitingLines[0]) {
      if (tail !== undefined && tail.position < Math.min(next.afterByte, fileEnd)) return;
      waitingLines.shift();
      add(prefixer.wholeLine(next.text, next.prefix));
    }
  };

  return {
    lease,
    get pendingBytes() {
      return pendingBytes;
    },
    get endByte() {
      return takenUpTo + pendingBytes;
    },
    get followsFile() {
      return tail !== undefined;
    },

    line: (level, text) => {
      const prefix = prefixOf(stamp(), level);
      if (tail === undefined) return add(prefixer.wholeLine(text, prefix));
      waitingLines.push({ afterByte: tail.size(), text, prefix });
      releaseLines();
    },

    follow: (path, fromByte) => {
      if (tail !== undefined)
        throw new Error(`The log of "${nestedId}" already follows a file; it cannot follow ${path}.`);
      tail = createOutputTail({ path, fromByte });
    },

    readSlice: (scratch) => {
      if (tail === undefined) return false;
      const wanted = Math.min(
        scratch.length,
        fileEnd - tail.position,
        (waitingLines[0]?.afterByte ?? Infinity) - tail.position,
      );
      const count = wanted > 0 ? tail.read(scratch, wanted) : 0;
      if (count > 0) add(prefixer.prefixLines(scratch.subarray(0, count), prefixOf(stamp(), 'INFO')));
      // A file that was cut short must not hold its lines back for ever.
      if (count < wanted && waitingLines.length > 0 && count === 0) fileEnd = Math.min(fileEnd, tail.position);
      releaseLines();
      return count > 0 && count === wanted && tail.position < fileEnd;
    },

    endFile: () => {
      if (tail !== undefined) fileEnd = Math.min(fileEnd, tail.size());
    },
    isReadUpTo: (fileByte) =>
      tail === undefined || (tail.position >= Math.min(fileByte, fileEnd) && waitingLines.length === 0),
    giveUpFile: () => {
      fileEnd = tail?.position ?? 0;
      releaseLines();
    },
    fileSize: () => tail?.size() ?? 0,

    takeChunk: (maxBytes) => {
      const bytes = takeBytes(pending, maxBytes);
      if (bytes === undefined) return undefined;
      const chunk = { nestedId, attempt, startByte: takenUpTo, bytes };
      pendingBytes -= bytes.length;
      takenUpTo += bytes.length;
      return chunk;
    },

    endLine: () => add(prefixer.endLine()),
    close: () => tail?.close(),
  };
}

/** The prefix of INFO is made once per second. */
function createPrefixes(jobName: string): (stamp: string, level: LogLevel) => string {
  let lastStamp = '';
  let lastInfo = '';
  return (stamp, level) => {
    if (level !== 'INFO') return linePrefix(stamp, jobName, level);
    if (stamp !== lastStamp) {
      lastStamp = stamp;
      lastInfo = linePrefix(stamp, jobName, level);
    }
    return lastInfo;
  };
}

/** Removes up to `maxBytes` from the front of the list, in one piece. */
function takeBytes(list: Buffer[], maxBytes: number): Buffer | undefined {
  let count = 0;
  let bytes = 0;
  while (count < list.length && bytes + (list[count]?.length ?? 0) <= maxBytes) bytes += list[count++]?.length ?? 0;
  const [first] = list;
  if (first === undefined) return undefined;
  if (count === 0) {
    list[0] = first.subarray(maxBytes);
    return first.subarray(0, maxBytes);
  }
  const taken = list.splice(0, count);
  return taken.length === 1 ? taken[0] : Buffer.concat(taken, bytes);
}
