import type { DateTime } from 'luxon';
import { ExpressionError } from '../expression-error.js';

/** The two pattern languages: nearly the same letters, with a few that differ. */
export type PatternDialect = 'Joda' | 'SimpleDateFormat';

type Letter = (date: DateTime, count: number) => string;

/**
 * Writes a date with a pattern as Joda-Time or `SimpleDateFormat` do, in English: `yyyy-MM-dd'T'HH:mm:ss.SSSZZ`.
 *
 * @throws ExpressionError for a letter that has no meaning, or a quote without an end.
 */
export function formatDate(date: DateTime, pattern: string, dialect: PatternDialect): string {
  const letters = LETTERS[dialect];
  // Two quotes; a quoted text, in which two quotes stand for one; a run of one letter; anything else.
  return pattern.replace(
    /''|'((?:[^']|'')*)'|([a-zA-Z])\2*|[^]/g,
    (whole, quoted: string | undefined, letter?: string) => {
      if (whole === "''") return "'";
      if (quoted !== undefined) return quoted.replaceAll("''", "'");
      if (whole === "'") throw new ExpressionError(`The date pattern "${pattern}" has a quote without an end.`);
      if (letter === undefined) return whole;
      const write = letters.get(letter);
      if (write === undefined)
        throw new ExpressionError(`Illegal pattern component: ${whole} in the date pattern "${pattern}".`);
      return write(date, whole.length);
    },
  );
}

const COMMON: readonly (readonly [string, Letter])[] = [
  ['G', (date) => (date.year > 0 ? 'AD' : 'BC')],
  ['y', (date, count) => year(date.year, count)],
  ['M', (date, count) => (count > 2 ? date.toFormat(count > 3 ? 'MMMM' : 'MMM') : padded(date.month, count))],
  ['d', (date, count) => padded(date.day, count)],
  ['D', (date, count) => padded(date.ordinal, count)],
  ['E', (date, count) => date.toFormat(count > 3 ? 'cccc' : 'ccc')],
  ['a', (date) => (date.hour < 12 ? 'AM' : 'PM')],
  ['H', (date, count) => padded(date.hour, count)],
  ['k', (date, count) => padded(date.hour || 24, count)],
  ['K', (date, count) => padded(date.hour % 12, count)],
  ['h', (date, count) => padded(date.hour % 12 || 12, count)],
  ['m', (date, count) => padded(date.minute, count)],
  ['s', (date, count) => padded(date.second, count)],
  ['z', (date, count) => (count > 3 ? date.offsetNameLong : date.offsetNameShort) ?? ''],
];

const LETTERS: Readonly<Record<PatternDialect, ReadonlyMap<string, Letter>>> = {
  Joda: new Map([
    ...COMMON,
    ['C', (date, count) => padded(Math.floor(date.year / 100), count)],
    ['Y', (date, count) => year(date.year, count)],
    ['x', (date, count) => year(date.weekYear, count)],
    ['w', (date, count) => padded(date.weekNumber, count)],
    ['e', (date, count) => padded(date.weekday, count)],
    // A fraction of the second: `S` is tenths, `SSS` milliseconds, more digits are zeros.
    ['S', (date, count) => padded(date.millisecond, 3).padEnd(count, '0').slice(0, count)],
    ['Z', jodaOffset],
  ]),
  SimpleDateFormat: new Map([
    ...COMMON,
    ['L', (date, count) => (count > 2 ? date.toFormat(count > 3 ? 'LLLL' : 'LLL') : padded(date.month, count))],
    ['u', (date, count) => padded(date.weekday, count)],
    ['F', (date, count) => padded(Math.ceil(date.day / 7), count)],
    // The number of milliseconds: `S` of 7 ms is `7`, not a fraction.
    ['S', (date, count) => padded(date.millisecond, count)],
    ['Z', (date) => date.toFormat('ZZZ')],
    ['X', isoOffset],
  ]),
};

function padded(value: number, count: number): string {
  return value < 0 ? `-${String(-value).padStart(count, '0')}` : String(value).padStart(count, '0');
}

/** Two letters mean the last two digits. */
function year(value: number, count: number): string {
  return count === 2 ? padded(Math.abs(value) % 100, 2) : padded(value, count);
}

function jodaOffset(date: DateTime, count: number): string {
  if (count > 2) return date.zoneName ?? '';
  return date.toFormat(count === 2 ? 'ZZ' : 'ZZZ');
}

function isoOffset(date: DateTime, count: number): string {
  if (date.offset === 0) return 'Z';
  if (count === 1) return date.toFormat('ZZZ').slice(0, 3);
  return date.toFormat(count === 2 ? 'ZZZ' : 'ZZ');
}
