import { FIELDS, describeRange, numberOfName, type Field } from './quartz-field.js';

/**
 * A parsed Quartz expression: every field as the sorted values it allows. Days have a rule of their own, because
 * Quartz lets either the day of the month or the day of the week decide, never both.
 */
export interface QuartzCron {
  readonly expression: string;
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: DayRule;
  readonly months: readonly number[];
  readonly years: readonly YearRange[];
}

/** Days of the week are Quartz's: 1 = Sunday … 7 = Saturday. */
export type DayRule =
  | { readonly rule: 'days-of-month'; readonly days: readonly number[] }
  /** `L`, `L-n`, and with a W after it the Monday-to-Friday day nearest to that one. */
  | { readonly rule: 'last-of-month'; readonly daysBefore: number; readonly nearestWeekday: boolean }
  | { readonly rule: 'nearest-weekday'; readonly day: number }
  | { readonly rule: 'days-of-week'; readonly days: readonly number[] }
  | { readonly rule: 'last-weekday-of-month'; readonly day: number }
  | { readonly rule: 'nth-weekday-of-month'; readonly day: number; readonly nth: number };

/** `until` is absent where the range is open: `*`, or a step without an end. */
export interface YearRange {
  readonly from: number;
  readonly until?: number;
  readonly step: number;
}

export type QuartzCronResult =
  { readonly result: 'ok'; readonly cron: QuartzCron } | { readonly result: 'error'; readonly message: string };

/**
 * Reads a cron expression of Quartz 2.3 (`sec min hour day-of-month month day-of-week [year]`), as Azkaban does, with
 * what Quartz silently reads differently: whatever follows a complete item is ignored (`*5` is `*`, `1-5W` is `1-5`,
 * `SUN-TUE/2` is `SUN-TUE`), so is an eighth field, and a step of 0 means the first value only.
 *
 * An expression that can never fire (`0 0 0 30 2 ?`) is correct in this sense; `nextFireTimes` finds nothing for it.
 */
export function parseQuartzCron(expression: string): QuartzCronResult {
  try {
    return { result: 'ok', cron: readExpression(expression) };
  } catch (error) {
    if (error instanceof CronSyntaxError) {
      return { result: 'error', message: `Cron expression "${expression}" is not valid: ${error.message}` };
    }
    throw error;
  }
}

/** true when `parseQuartzCron` accepts it. */
export function isQuartzCron(expression: string): boolean {
  return parseQuartzCron(expression).result === 'ok';
}

class CronSyntaxError extends Error {}

function readExpression(expression: string): QuartzCron {
  const texts = expression
    .toUpperCase()
    .split(/[ \t]+/)
    .map((text) => text.trim())
    .filter((text) => text !== '');
  const [second, minute, hour, dayOfMonth, month, dayOfWeek, year = '*'] = texts;
  if (
    second === undefined ||
    minute === undefined ||
    hour === undefined ||
    dayOfMonth === undefined ||
    month === undefined ||
    dayOfWeek === undefined
  ) {
    throw new CronSyntaxError(
      `it has ${texts.length} fields and needs six or seven: second minute hour day-of-month month day-of-week [year].`,
    );
  }
  return {
    expression,
    seconds: valuesOf(second, FIELDS.second),
    minutes: valuesOf(minute, FIELDS.minute),
    hours: valuesOf(hour, FIELDS.hour),
    days: dayRuleOf(dayOfMonth, dayOfWeek),
    months: valuesOf(month, FIELDS.month),
    years: itemsOf(year, FIELDS.year).map((item) => yearRangeOf(item, year)),
  };
}

function dayRuleOf(dayOfMonth: string, dayOfWeek: string): DayRule {
  const byMonth = itemsOf(dayOfMonth, FIELDS.dayOfMonth);
  const byWeek = itemsOf(dayOfWeek, FIELDS.dayOfWeek);
  const monthDecides = !byMonth.some((item) => item.item === 'unspecified');
  const weekDecides = !byWeek.some((item) => item.item === 'unspecified');
  if (monthDecides === weekDecides) {
    throw new CronSyntaxError(
      `exactly one of day-of-month ("${dayOfMonth}") and day-of-week ("${dayOfWeek}") must be "?".`,
    );
  }
  return monthDecides ? dayOfMonthRule(byMonth, dayOfMonth) : dayOfWeekRule(byWeek);
}

function dayOfMonthRule(items: readonly Item[], text: string): DayRule {
  const special = items.find((item) => item.item === 'last-of-month' || item.item === 'nearest-weekday');
  if (special === undefined) return { rule: 'days-of-month', days: allowedBy(items, FIELDS.dayOfMonth) };
  if (items.length > 1)
    throw new CronSyntaxError(`day-of-month "${text}" has L or W in a list; they must stand alone.`);
  return special.item === 'last-of-month'
    ? { rule: 'last-of-month', daysBefore: special.daysBefore, nearestWeekday: special.nearestWeekday }
    : { rule: 'nearest-weekday', day: special.day };
}

/** With `#` in a list, Quartz forgets all days but the lowest and takes the n-th of that. */
function dayOfWeekRule(items: readonly Item[]): DayRule {
  const days = allowedBy(items, FIELDS.dayOfWeek);
  const [lowest = 1] = days;
  if (items.some((item) => item.item === 'last-weekday')) return { rule: 'last-weekday-of-month', day: lowest };
  const nth = items.find((item) => item.item === 'nth-weekday');
  return nth === undefined
    ? { rule: 'days-of-week', days }
    : { rule: 'nth-weekday-of-month', day: lowest, nth: nth.nth };
}

function valuesOf(text: string, field: Field): readonly number[] {
  return allowedBy(itemsOf(text, field), field);
}

function allowedBy(items: readonly Item[], field: Field): readonly number[] {
  const values = new Set<number>();
  for (const item of items) {
    if (item.item === 'range') for (const value of spread(item, field)) values.add(value);
    if (item.item === 'last-weekday' || item.item === 'nth-weekday') values.add(item.day);
  }
  return [...values].sort((a, b) => a - b);
}

/** A range that ends before it starts runs over the field's end: hours `22-2`, months `NOV-FEB`. */
function* spread(range: RangeItem, field: Field): Generator<number> {
  const { from = field.min, step } = range;
  const until = range.until ?? (range.step === 0 ? from : field.max);
  if (step === 0) {
    yield from;
    return;
  }
  const size = field.min === 0 ? field.max + 1 : field.max;
  const end = until < from ? until + size : until;
  for (let value = from; value <= end; value += step) {
    yield value > field.max ? value - size : value;
  }
}

function yearRangeOf(item: Item, text: string): YearRange {
  if (item.item !== 'range') throw new CronSyntaxError(`year "${text}" is not understood.`);
  const { from = FIELDS.year.min, until, step } = item;
  if (until !== undefined && until < from) {
    throw new CronSyntaxError(`year "${text}" ends before it starts.`);
  }
  if (step === 0) return { from, until: from, step: 1 };
  return until === undefined ? { from, step } : { from, until, step };
}

type Item = RangeItem | UnspecifiedItem | LastOfMonthItem | NearestWeekdayItem | LastWeekdayItem | NthWeekdayItem;
/** A single value is a range of one; without `from` it is the whole field, without `until` it runs to the field's end. */
type RangeItem = { readonly item: 'range'; readonly from?: number; readonly until?: number; readonly step: number };
type UnspecifiedItem = { readonly item: 'unspecified' };
type LastOfMonthItem = {
  readonly item: 'last-of-month';
  readonly daysBefore: number;
  readonly nearestWeekday: boolean;
};
type NearestWeekdayItem = { readonly item: 'nearest-weekday'; readonly day: number };
type LastWeekdayItem = { readonly item: 'last-weekday'; readonly day: number };
type NthWeekdayItem = { readonly item: 'nth-weekday'; readonly day: number; readonly nth: number };

function itemsOf(text: string, field: Field): readonly Item[] {
  if (field.daysHaveL && text.includes('L') && text.includes(',')) {
    throw new CronSyntaxError(`${field.name} "${text}" has L in a list; it must stand alone.`);
  }
  if (field === FIELDS.dayOfWeek && text.indexOf('#') !== text.lastIndexOf('#')) {
    throw new CronSyntaxError(`${field.name} "${text}" has more than one "#".`);
  }
  const parts = text.split(',').filter((part) => part !== '');
  if (parts.length === 0) throw new CronSyntaxError(`${field.name} "${text}" is empty.`);
  return parts.map((part) => itemOf(part, field));
}

function itemOf(text: string, field: Field): Item {
  const first = text.charAt(0);
  if (first === '?') return unspecified(text, field);
  if (first === '*' || first === '/') return wholeField(text, field);
  if (field.daysHaveL && LAST.test(text)) return last(text, field);
  if (first >= 'A' && first <= 'Z') return named(text, field);
  if (first >= '0' && first <= '9') return numbered(text, field);
  throw misunderstood(text, field);
}

/** `L`, `LW`, `L-3`, `L-3W`. In the day of the week all of them are Saturday. */
const LAST = /^L(?:W|-(\d*)(W?))?$/;
const MAX_DAYS_BEFORE_LAST = 30;

function last(text: string, field: Field): Item {
  if (field === FIELDS.dayOfWeek) return single(field.max);
  if (text === 'L-') throw new CronSyntaxError(`${field.name} "L-" needs a number of days after the "-".`);
  const daysBefore = Number(LAST.exec(text)?.[1] ?? 0);
  if (daysBefore > MAX_DAYS_BEFORE_LAST) {
    throw new CronSyntaxError(`${field.name} "${text}" goes back more than ${MAX_DAYS_BEFORE_LAST} days.`);
  }
  return { item: 'last-of-month', daysBefore, nearestWeekday: text.endsWith('W') };
}

/** Quartz lets one stray character follow the question mark. */
function unspecified(text: string, field: Field): Item {
  if (!field.daysHaveL)
    throw new CronSyntaxError(`"?" can stand only in day-of-month or day-of-week, not in ${field.name}.`);
  if (text.length > 2) throw misunderstood(text, field);
  return { item: 'unspecified' };
}

/** `*`, `*` with a step, or the step alone. Anything else after the star is ignored. */
function wholeField(text: string, field: Field): Item {
  const rest = text.startsWith('*') ? text.slice(1) : text;
  if (!rest.startsWith('/')) return { item: 'range', step: 1 };
  if (!/^\/[+-]?\d+$/.test(rest)) throw new CronSyntaxError(`${field.name} "${text}" needs a number after the "/".`);
  const step = checkedStep(Number(rest.slice(1)), text, field);
  return { item: 'range', step: step > 0 ? step : 1 };
}

/** A name, a range of names, `FRIL` or `FRI#2`; what follows a complete name is ignored. */
function named(text: string, field: Field): Item {
  const day = checkedName(text.slice(0, 3), text, field);
  const rest = text.slice(3);
  if (rest.startsWith('-'))
    return { item: 'range', from: day, until: checkedName(rest.slice(1, 4), text, field), step: 1 };
  if (field === FIELDS.dayOfWeek && rest.startsWith('L')) return { item: 'last-weekday', day };
  if (field === FIELDS.dayOfWeek && rest.startsWith('#'))
    return { item: 'nth-weekday', day, nth: checkedNth(rest, text) };
  return single(day);
}

function numbered(text: string, field: Field): Item {
  const digits = /^\d+/.exec(text)?.[0] ?? '';
  const value = Number(digits);
  const rest = text.slice(digits.length);
  switch (rest.charAt(0)) {
    case 'L':
      if (field !== FIELDS.dayOfWeek)
        throw new CronSyntaxError(`${field.name} "${text}": L after a number is for day-of-week.`);
      return { item: 'last-weekday', day: checkedValue(value, text, field) };
    case 'W':
      if (field !== FIELDS.dayOfMonth) throw new CronSyntaxError(`${field.name} "${text}": W is for day-of-month.`);
      return { item: 'nearest-weekday', day: checkedValue(value, text, field) };
    case '#':
      if (field !== FIELDS.dayOfWeek) throw new CronSyntaxError(`${field.name} "${text}": "#" is for day-of-week.`);
      return { item: 'nth-weekday', day: checkedValue(value, text, field), nth: checkedNth(rest, text) };
    case '-':
      return numberedRange(value, rest, text, field);
    case '/':
      return { item: 'range', from: checkedValue(value, text, field), step: stepAfter(rest, text, field) };
    default:
      return single(checkedValue(value, text, field));
  }
}

/** `a-b` or `a-b/n`. Quartz checks neither the lower bound of b nor the size of n here. */
function numberedRange(from: number, rest: string, text: string, field: Field): Item {
  const match = /^-(\d+)(?:\/(\d+)|(?!\/))/.exec(rest);
  if (match === null) throw new CronSyntaxError(`${field.name} "${text}" is not a range such as "1-5" or "0-30/5".`);
  const until = Number(match[1]);
  if (until > field.max) throw outOfRange(until, text, field);
  return { item: 'range', from: checkedValue(from, text, field), until, step: Number(match[2] ?? 1) };
}

/** After a step of two or more digits, and only there, Quartz ignores what follows. */
function stepAfter(rest: string, text: string, field: Field): number {
  const match = /^\/(\d$|\d{2,})/.exec(rest);
  if (match === null) throw new CronSyntaxError(`${field.name} "${text}" needs a number after the "/".`);
  return checkedStep(Number(match[1]), text, field);
}

function single(value: number): RangeItem {
  return { item: 'range', from: value, until: value, step: 1 };
}

function checkedValue(value: number, text: string, field: Field): number {
  if (value > field.max || (value < field.min && field !== FIELDS.year)) throw outOfRange(value, text, field);
  return value;
}

function checkedStep(step: number, text: string, field: Field): number {
  if (step <= field.maxStep) return step;
  throw new CronSyntaxError(
    `${field.name} "${text}" has step ${step}, larger than the field (at most ${field.maxStep}).`,
  );
}

function checkedNth(rest: string, text: string): number {
  const nth = /^#\+?(\d+)$/.exec(rest)?.[1];
  if (nth !== undefined && Number(nth) >= 1 && Number(nth) <= 5) return Number(nth);
  throw new CronSyntaxError(`day-of-week "${text}" needs a number from 1 to 5 after the "#".`);
}

function checkedName(name: string, text: string, field: Field): number {
  const value = numberOfName(field, name);
  if (value === undefined) throw misunderstood(text, field);
  return value;
}

function outOfRange(value: number, text: string, field: Field): CronSyntaxError {
  return new CronSyntaxError(`${field.name} "${text}" has ${value}; the field takes ${describeRange(field)}.`);
}

function misunderstood(text: string, field: Field): CronSyntaxError {
  return new CronSyntaxError(`${field.name} "${text}" is not understood; the field takes ${describeRange(field)}.`);
}
