import type { LogChunks, LogName } from '@lockstep/domain';
import { isContinuation, sequenceOver } from './utf8-borders.js';

export interface LogReader {
  /**
   * The text of a range of bytes. The range is moved to borders of UTF-8 characters, so a reader goes on at
   * `offset + length` of the answer and never sees half a character. At or past the end: the offset as asked, length 0,
   * text ''. A range smaller than one character gives the whole character, so that a reader always gets on. Bytes that
   * are no UTF-8 show as U+FFFD and count as the bytes they are. A character whose rest has not been written yet is left
   * for the next call.
   */
  readSlice(log: LogName, range: { readonly offset: number; readonly length: number }): Promise<ReadSlice>;
}

export interface ReadSlice {
  /** Bytes, as is `length`. */
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/** A longer range is answered up to here; clients ask for up to 9,999,999 bytes. */
const MAX_LENGTH = 10_000_000;
/** No character has more bytes before or after a border inside it. */
const MAX_REACH = 3;

export function createLogReader({ chunks }: { readonly chunks: LogChunks }): LogReader {
  return {
    readSlice: async (log, range) => {
      const offset = Math.max(0, Math.trunc(range.offset));
      const length = Math.min(MAX_LENGTH, Math.max(0, Math.trunc(range.length)));
      if (length === 0) return { offset, length: 0, text: '' };

      const from = Math.max(0, offset - MAX_REACH);
      const bytes = await chunks.read(log, { offset: from, length: offset - from + length + MAX_REACH });
      const start = startOfCharacter(bytes, offset - from);
      const end = endOfCharacter(bytes, { start, end: Math.min(bytes.length, offset - from + length) });
      if (end <= start) return { offset, length: 0, text: '' };
      return { offset: from + start, length: end - start, text: textOf(bytes.subarray(start, end)) };
    },
  };
}

/** `at`, or the end of the character `at` lies in. */
function startOfCharacter(bytes: Uint8Array, at: number): number {
  const over = sequenceOver(bytes, at);
  if (over === undefined) return at;
  let end = at;
  while (end < at + over.missing && end < bytes.length && isContinuation(bytes[end] ?? 0)) end++;
  return end;
}

function endOfCharacter(bytes: Uint8Array, { start, end }: { start: number; end: number }): number {
  if (end <= start) return endOfFirstCharacter(bytes, start);
  const over = sequenceOver(bytes, end);
  if (over === undefined || isBroken(bytes, end, over.missing)) return end;
  const cut = end - over.before;
  return cut > start ? cut : endOfFirstCharacter(bytes, start);
}

/** The bytes that follow show that the sequence never was complete. */
function isBroken(bytes: Uint8Array, from: number, missing: number): boolean {
  for (let at = from; at < from + missing && at < bytes.length; at++) if (!isContinuation(bytes[at] ?? 0)) return true;
  return false;
}

/** Where the character at `start` ends; `start` when its rest is not there yet. */
function endOfFirstCharacter(bytes: Uint8Array, start: number): number {
  if (start >= bytes.length) return start;
  const over = sequenceOver(bytes, start + 1);
  if (over === undefined) return start + 1;
  let end = start + 1;
  while (end < start + 1 + over.missing && end < bytes.length && isContinuation(bytes[end] ?? 0)) end++;
  const isWhole = end === start + 1 + over.missing;
  return isWhole || end < bytes.length ? end : start;
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
