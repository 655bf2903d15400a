import type { Properties } from '@lockstep/domain';
import { PropertyError } from './property-error.js';
import { propertyOf } from './property-record.js';

/*
 * Typed reads of one property, with Azkaban's rules. Each returns `fallback` (undefined when none is given) only when
 * the key is absent; a value that cannot be read is a PropertyError, never silently the fallback.
 */

interface Read<Value> {
  (properties: Properties, key: string): Value | undefined;
  (properties: Properties, key: string, fallback: Value): Value;
}

/** `true` in any case is true, everything else false. */
export const readBoolean: Read<boolean> = reader((value) => value.toLowerCase() === 'true');

/** A whole number of 32 bits, as Java parses it: digits with an optional sign and no blanks. */
export const readInteger: Read<number> = reader((value, key) => {
  return wholeNumber(value, key, -(2 ** 31), 2 ** 31 - 1);
});

/** A whole number; beyond ±(2^53 - 1), where a number would lose digits, it is an error. */
export const readLong: Read<number> = reader((value, key) => {
  return wholeNumber(value, key, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
});

/** A decimal number as Java parses it: blanks around it, exponents, `NaN`, `Infinity` and a suffix `d` or `f` are fine. */
export const readDouble: Read<number> = reader((value, key) => {
  const trimmed = value.trim();
  // Sign, then NaN, Infinity, or digits with a point somewhere and an optional exponent and type suffix.
  const match = /^([+-]?(?:NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?))[dDfF]?$/.exec(trimmed);
  if (!match?.[1]) throw unreadable(key, value, 'a number, for example 0.5');
  return Number(match[1].replace(/^[+-]NaN$/, 'NaN'));
});

/** Items between commas, blanks around them removed. Empty items at the end are dropped, as Java's `split` does. */
export const readList: Read<readonly string[]> = reader<readonly string[]>((value) => {
  // Not split(/\s*,\s*/), which takes quadratic time on long runs of blanks.
  const items = value.split(',').map((item) => item.trim());
  while (items.at(-1) === '') items.pop();
  return items;
});

/** Bytes: a whole number with the suffix `g`, `m` or `k` in any case (powers of 1024), or without one. */
export const readMemorySize: Read<number> = reader((value, key) => {
  const match = /^(\d+)([gmk]?)$/i.exec(value.trim());
  const unit = MEMORY_UNITS[match?.[2]?.toLowerCase() ?? ''];
  const bytes = Number(match?.[1]) * (unit ?? Number.NaN);
  if (!Number.isSafeInteger(bytes)) throw unreadable(key, value, 'a memory size, for example 512m, 2G or 1048576');
  return bytes;
});

const MEMORY_UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** Milliseconds: a number with the unit `ms`, `s`, `m`, `h` or `d`; without a unit it counts milliseconds. */
export const readDuration: Read<number> = reader((value, key) => {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|)$/i.exec(value.trim());
  const unit = DURATION_UNITS_MS[match?.[2]?.toLowerCase() ?? ''];
  const durationMs = Math.round(Number(match?.[1]) * (unit ?? Number.NaN));
  if (!Number.isSafeInteger(durationMs))
    throw unreadable(key, value, 'a duration, for example 500ms, 90s, 5m, 2h or 1d');
  return durationMs;
});

const DURATION_UNITS_MS: Readonly<Record<string, number>> = {
  '': 1,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

function reader<Value>(convert: (value: string, key: string) => Value): Read<Value> {
  function read(properties: Properties, key: string): Value | undefined;
  function read(properties: Properties, key: string, fallback: Value): Value;
  function read(properties: Properties, key: string, fallback?: Value): Value | undefined {
    const value = propertyOf(properties, key);
    return value === undefined ? fallback : convert(value, key);
  }
  return read;
}

function wholeNumber(value: string, key: string, smallest: number, largest: number): number {
  const parsed = /^[+-]?\d+$/.test(value) ? Number(value) : Number.NaN;
  if (!(parsed >= smallest && parsed <= largest)) {
    throw unreadable(key, value, `a whole number from ${smallest} to ${largest}`);
  }
  return parsed === 0 ? 0 : parsed;
}

function unreadable(key: string, value: string, expected: string): PropertyError {
  return new PropertyError(`Property "${key}" has the value "${value}"; it must be ${expected}.`);
}
