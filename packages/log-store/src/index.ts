export type { AppendFailure } from './append-retry.js';
export type { AttemptLog, FinishedLog, LogLevel } from './attempt-log.js';
export { createLogReader } from './log-reader.js';
export type { LogReader, ReadSlice } from './log-reader.js';
export { createLogWriter } from './log-writer.js';
export type { LogWriter, LogWriterOptions } from './log-writer.js';
