import type { Lease } from './lease.js';

/** A piece of a log. A log is named by execution, node and attempt; nested id '' is the flow log (attempt 0). */
export interface LogChunk {
  readonly nestedId: string;
  readonly attempt: number;
  /** Offset of the first byte in the whole log. */
  readonly startByte: number;
  readonly bytes: Uint8Array;
}

export interface LogName {
  readonly executionId: number;
  readonly nestedId: string;
  readonly attempt: number;
}

/** Where the bytes of logs are kept. */
export interface LogChunks {
  /**
   * Appends chunks of executions this worker holds, many in one round trip. Chunks whose lease is no longer valid are
   * ignored; the rest is stored. Storing the same (log, startByte) again is harmless.
   */
  append(chunks: readonly { readonly lease: Lease; readonly chunk: LogChunk }[]): Promise<void>;
  /** Bytes from `offset`, at most `length`, over chunk borders; fewer at the end, none past it. */
  read(log: LogName, range: { offset: number; length: number }): Promise<Uint8Array>;
  /** Size in bytes; 0 when there is none. */
  size(log: LogName): Promise<number>;
}
