import type { LogLevel } from './attempt-log.js';
import { createLogTimestamps } from './log-timestamps.js';

/** A whole small log at once, for attempts that end as soon as they begin: the same lines a log writer would write. */
export type LogFormatter = (log: {
  readonly at: number;
  readonly jobName: string;
  readonly lines: readonly { readonly level: LogLevel; readonly text: string }[];
}) => Uint8Array;

export function createLogFormatter({ timeZone }: { readonly timeZone: string }): LogFormatter {
  const stampOf = createLogTimestamps({ timeZone });
  return ({ at, jobName, lines }) => {
    const stamp = stampOf(at);
    return Buffer.from(lines.map(({ level, text }) => `${stamp} ${jobName} ${level} - ${text}\n`).join(''), 'utf8');
  };
}
