import type { LogChunk } from '@lockstep/domain';

/** How serious an engine line is. Lines of a job's output are always INFO. */
export type LogLevel = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

/** The log of one attempt, while it is being written. Nothing here blocks on the store except the promises. */
export interface AttemptLog {
  /**
   * An engine line; a text with line breaks becomes several lines. It stands after everything the followed file held
   * at the time of the call. Dropped once the log is finished or abandoned: a late line must not harm anybody.
   */
  line(level: LogLevel, text: string): void;
  /**
   * Copies a growing file (a process writes its output there) into the log, line by line, until `finish`. The file may
   * be missing so far. `fromByte`: where in the file to start. One file per log.
   */
  followFile(path: string, options?: { readonly fromByte?: number }): void;
  /** Resolves when everything written before the call has been stored. */
  flush(): Promise<void>;
  /**
   * Ends the log with what the followed file holds now. What is returned as `pendingTail` (at most a few chunks) has not
   * been stored: the caller commits it together with the attempt's end. Everything before it has been stored.
   */
  finish(): Promise<FinishedLog>;
  /** Drops the log with all that is not stored, e.g. because the lease is lost. Harmless after `finish`. */
  abandon(): void;
}

export interface FinishedLog {
  readonly pendingTail: readonly LogChunk[];
  /** Size of the whole log, the tail included. */
  readonly sizeBytes: number;
}
