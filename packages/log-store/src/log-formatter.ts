import type { LogLevel } from './attempt-log.js';
import { createLogTimestamps } from './log-timestamps.js';

/** Turns lines into the bytes of a log, for those who store a few lines themselves instead of opening a log. */
export type LogFormatter = (entry: {
  /** Epoch milliseconds; all lines get this time. */
  readonly at: number;
  readonly jobName: string;
  /** A text with line breaks becomes several lines. */
  readonly lines: readonly { readonly level: LogLevel; readonly text: string }[];
}) => Uint8Array;

export function createLogFormatter({ timeZone }: { readonly timeZone: string }): LogFormatter {
  const stampOf = createLogTimestamps({ timeZone });
  return ({ at, jobName, lines }) => {
    const stamp = stampOf(at);
    let log = '';
    for (const { level, text } of lines) {
      const prefix = `${stamp} ${jobName} ${level} - `;
      log += `${prefix}${text.split(LINE_BREAK).join(`\n${prefix}`)}\n`;
    }
    return Buffer.from(log, 'utf8');
  };
}

const LINE_BREAK = /\r\n?|\n/;

/** `<time> <job> <level> - `, its UTF-8 bytes as latin1 characters. */
export function linePrefix(stamp: string, jobName: string, level: LogLevel): string {
  return Buffer.from(`${stamp} ${jobName} ${level} - `, 'utf8').toString('latin1');
}
