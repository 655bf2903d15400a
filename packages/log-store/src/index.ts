export type { AppendFailure } from './append-retry.js';
export type { AttemptLog, FinishedLog, LogLevel } from './attempt-log.js';
export { createLogFormatter } from './log-formatter.js';
export type { LogFormatter } from './log-formatter.js';
export { createLogReader } from './log-reader.js';
export type { LogReader, ReadSlice } from './log-reader.js';
export { createLogWriter } from './log-writer.js';
export type { LogWriter, LogWriterOptions } from './log-writer.js';
