import { destination, pino, stdTimeFunctions, type Logger } from 'pino';
import { textLine } from './text-line.js';

export type Log = Logger;

/** The server's own log, on standard error: the ready line on standard output stays alone there. */
export function createLog({ level, format }: { level: string; format: 'text' | 'json' }): Log {
  const stderr = destination({ dest: 2, sync: true });
  const options = { level, timestamp: stdTimeFunctions.isoTime, base: null };
  if (format === 'json') return pino({ ...options, formatters: { level: (label) => ({ level: label }) } }, stderr);
  return pino(options, { write: (line: string) => stderr.write(textLine(line)) });
}
