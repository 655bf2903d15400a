import type { DateTime } from 'luxon';
import { ExpressionError } from '../expression-error.js';
import { isJavaObject, type ExpressionValue, type JavaObject } from '../expression-value.js';
import { formatDate } from './date-pattern.js';

/** A `java.util.Date`. */
export function createJavaDate(date: DateTime): JavaObject {
  const text = (): string => formatDate(date, 'EEE MMM dd HH:mm:ss zzz yyyy', 'SimpleDateFormat');
  return {
    className: 'java.util.Date',
    comparable: date.toMillis(),
    text,
    methods: new Map<string, (...args: readonly ExpressionValue[]) => ExpressionValue>([
      ['after', (other) => date.toMillis() > comparableOf(other)],
      ['before', (other) => date.toMillis() < comparableOf(other)],
      ['equals', (other) => isJavaObject(other) && date.toMillis() === other.comparable],
      ['getTime', () => BigInt(date.toMillis())],
      ['toString', text],
    ]),
  };
}

/** The instant of a date object, in milliseconds. */
export function comparableOf(value: ExpressionValue): number {
  if (isJavaObject(value) && value.comparable !== undefined) return value.comparable;
  if (typeof value === 'bigint') return Number(value);
  throw new ExpressionError('A date is needed here.');
}
