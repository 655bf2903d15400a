import type { DateTime, DateTimeUnit, DurationLikeObject } from 'luxon';
import { ExpressionError } from '../expression-error.js';
import { integerOf, isJavaObject, textOf, type ExpressionValue, type JavaObject } from '../expression-value.js';
import { formatDate } from './date-pattern.js';
import { comparableOf, createJavaDate } from './java-date.js';
import { createZone, zoneOf } from './joda-zone.js';

type Method = (...args: readonly ExpressionValue[]) => ExpressionValue;
export type JodaKind = 'DateTime' | 'LocalDate';

/**
 * A Joda `DateTime` or `LocalDate`: immutable, every calculation gives a new one. Months and years are added as Joda
 * does it (31 January plus a month is the last of February).
 */
export function createJodaDate(kind: JodaKind, date: DateTime, now: DateTime): JavaObject {
  const same = (changed: DateTime): JavaObject => createJodaDate(kind, checked(changed), now);
  const text = (pattern?: ExpressionValue): string =>
    formatDate(date, textOf(pattern) || defaultPattern(kind, date), 'Joda');
  return {
    className: `org.joda.time.${kind}`,
    comparable: date.toMillis(),
    text: () => text(),
    methods: new Map<string, Method>([
      ...additions(date, same),
      ...FIELDS.flatMap((field) => fieldMethods(field, date, same)),
      ...comparisons(date, now),
      ...conversions(date, now, same),
      ['toString', text],
    ]),
  };
}

function defaultPattern(kind: JodaKind, date: DateTime): string {
  if (kind === 'LocalDate') return 'yyyy-MM-dd';
  return `yyyy-MM-dd'T'HH:mm:ss.SSS${date.offset === 0 ? "'Z'" : 'ZZ'}`;
}

function checked(date: DateTime): DateTime {
  if (date.isValid) return date;
  throw new ExpressionError(
    `The result is not a date${date.invalidExplanation ? `: ${date.invalidExplanation}` : ''}.`,
  );
}

/** The part of a method name after `plus` and `minus` → the unit. */
const UNITS: readonly (readonly [string, keyof DurationLikeObject])[] = [
  ['Millis', 'milliseconds'],
  ['Seconds', 'seconds'],
  ['Minutes', 'minutes'],
  ['Hours', 'hours'],
  ['Days', 'days'],
  ['Weeks', 'weeks'],
  ['Months', 'months'],
  ['Years', 'years'],
  // `plus(ms)` and `minus(ms)`.
  ['', 'milliseconds'],
];

function additions(date: DateTime, same: (changed: DateTime) => JavaObject): readonly (readonly [string, Method])[] {
  return UNITS.flatMap(([name, unit]): (readonly [string, Method])[] => [
    [`plus${name}`, (amount) => same(date.plus({ [unit]: integerOf(amount, `plus${name}`) }))],
    [`minus${name}`, (amount) => same(date.minus({ [unit]: integerOf(amount, `minus${name}`) }))],
  ]);
}

interface Field {
  readonly name: string;
  readonly get: (date: DateTime) => number;
  readonly set: (date: DateTime, value: number) => DateTime;
  readonly range: (date: DateTime) => readonly [smallest: number, largest: number];
  readonly unit: DateTimeUnit;
  readonly asText?: string;
}

const FIELDS: readonly Field[] = [
  {
    name: 'year',
    get: (date) => date.year,
    set: (date, year) => date.set({ year }),
    range: () => [-9999, 9999],
    unit: 'year',
  },
  {
    name: 'monthOfYear',
    get: (date) => date.month,
    set: (date, month) => date.set({ month }),
    range: () => [1, 12],
    unit: 'month',
    asText: 'MMMM',
  },
  {
    name: 'dayOfMonth',
    get: (date) => date.day,
    set: (date, day) => date.set({ day }),
    range: (date) => [1, date.daysInMonth ?? 31],
    unit: 'day',
  },
  {
    name: 'dayOfYear',
    get: (date) => date.ordinal,
    set: (date, ordinal) => date.set({ ordinal }),
    range: (date) => [1, date.daysInYear],
    unit: 'day',
  },
  {
    name: 'dayOfWeek',
    get: (date) => date.weekday,
    set: (date, weekday) => date.plus({ days: weekday - date.weekday }),
    range: () => [1, 7],
    unit: 'day',
    asText: 'EEEE',
  },
  {
    name: 'weekyear',
    get: (date) => date.weekYear,
    set: (date, weekYear) => date.set({ weekYear }),
    range: () => [-9999, 9999],
    unit: 'year',
  },
  {
    name: 'weekOfWeekyear',
    get: (date) => date.weekNumber,
    set: (date, weekNumber) => date.plus({ weeks: weekNumber - date.weekNumber }),
    range: (date) => [1, date.weeksInWeekYear],
    unit: 'week',
  },
  {
    name: 'hourOfDay',
    get: (date) => date.hour,
    set: (date, hour) => date.set({ hour }),
    range: () => [0, 23],
    unit: 'hour',
  },
  {
    name: 'minuteOfHour',
    get: (date) => date.minute,
    set: (date, minute) => date.set({ minute }),
    range: () => [0, 59],
    unit: 'minute',
  },
  {
    name: 'secondOfMinute',
    get: (date) => date.second,
    set: (date, second) => date.set({ second }),
    range: () => [0, 59],
    unit: 'second',
  },
  {
    name: 'millisOfSecond',
    get: (date) => date.millisecond,
    set: (date, millisecond) => date.set({ millisecond }),
    range: () => [0, 999],
    unit: 'millisecond',
  },
  {
    name: 'minuteOfDay',
    get: (date) => date.hour * 60 + date.minute,
    set: (date, minutes) => date.set({ hour: Math.floor(minutes / 60), minute: minutes % 60 }),
    range: () => [0, 1439],
    unit: 'minute',
  },
  {
    name: 'secondOfDay',
    get: (date) => (date.hour * 60 + date.minute) * 60 + date.second,
    set: (date, seconds) => date.set({ hour: 0, minute: 0, second: seconds }),
    range: () => [0, 86_399],
    unit: 'second',
  },
];

/** `getDayOfMonth()`, `withDayOfMonth(n)` and `dayOfMonth()`, which gives the field itself. */
function fieldMethods(
  field: Field,
  date: DateTime,
  same: (changed: DateTime) => JavaObject,
): readonly (readonly [string, Method])[] {
  const capitalised = field.name.charAt(0).toUpperCase() + field.name.slice(1);
  const set = (value: ExpressionValue): JavaObject => same(setField(field, date, integerOf(value, field.name)));
  return [
    [`get${capitalised}`, () => BigInt(field.get(date))],
    [`with${capitalised}`, set],
    [field.name, () => createJodaProperty(field, date, same)],
  ];
}

function setField(field: Field, date: DateTime, value: number): DateTime {
  const [smallest, largest] = field.range(date);
  if (value >= smallest && value <= largest) return field.set(date, value);
  throw new ExpressionError(`Value ${value} for ${field.name} must be in the range [${smallest},${largest}]`);
}

/** What `date.dayOfMonth()` gives: the idiom for the last day of a month is its `withMaximumValue()`. */
function createJodaProperty(field: Field, date: DateTime, same: (changed: DateTime) => JavaObject): JavaObject {
  const [smallest, largest] = field.range(date);
  const number = (): string => String(field.get(date));
  const written = (pattern: string | undefined): string => (pattern ? formatDate(date, pattern, 'Joda') : number());
  return {
    className: 'org.joda.time.DateTime.Property',
    text: () => `Property[${field.name}]`,
    methods: new Map<string, Method>([
      ['get', () => BigInt(field.get(date))],
      ['getAsString', number],
      ['getAsText', () => written(field.asText)],
      ['getAsShortText', () => written(field.asText?.slice(0, 3))],
      ['getMinimumValue', () => BigInt(smallest)],
      ['getMaximumValue', () => BigInt(largest)],
      ['withMinimumValue', () => same(field.set(date, smallest))],
      ['withMaximumValue', () => same(field.set(date, largest))],
      ['setCopy', (value) => same(setField(field, date, integerOf(value, 'setCopy')))],
      ['addToCopy', (amount) => same(date.plus({ [field.unit]: integerOf(amount, 'addToCopy') }))],
      ['roundFloorCopy', () => same(date.startOf(field.unit))],
    ]),
  };
}

function comparisons(date: DateTime, now: DateTime): readonly (readonly [string, Method])[] {
  const ms = date.toMillis();
  return [
    ['isBefore', (other) => ms < comparableOf(other)],
    ['isAfter', (other) => ms > comparableOf(other)],
    ['isEqual', (other) => ms === comparableOf(other)],
    ['isBeforeNow', () => ms < now.toMillis()],
    ['isAfterNow', () => ms > now.toMillis()],
    ['isEqualNow', () => ms === now.toMillis()],
    ['equals', (other) => isJavaObject(other) && ms === other.comparable],
    ['compareTo', (other) => BigInt(Math.sign(ms - comparableOf(other)))],
  ];
}

function conversions(
  date: DateTime,
  now: DateTime,
  same: (changed: DateTime) => JavaObject,
): readonly (readonly [string, Method])[] {
  const inZone: Method = (zone) => createJodaDate('DateTime', date.setZone(zoneOf(zone) ?? date.zone), now);
  return [
    ['getMillis', () => BigInt(date.toMillis())],
    ['getMillisOfDay', () => BigInt(date.diff(date.startOf('day')).toMillis())],
    ['getYearOfCentury', () => BigInt(Math.abs(date.year) % 100)],
    ['getYearOfEra', () => BigInt(Math.abs(date.year))],
    ['getCenturyOfEra', () => BigInt(Math.floor(Math.abs(date.year) / 100))],
    ['getZone', () => createZone(date.zoneName ?? 'UTC')],
    ['toDate', () => createJavaDate(date)],
    ['toDateTime', inZone],
    ['toDateTimeAtStartOfDay', () => createJodaDate('DateTime', date.startOf('day'), now)],
    ['toLocalDate', () => createJodaDate('LocalDate', date.startOf('day'), now)],
    ['withZone', inZone],
    ['withTimeAtStartOfDay', () => same(date.startOf('day'))],
    ['withMillis', (value) => same(date.plus(integerOf(value, 'withMillis') - date.toMillis()))],
    ['withDate', (...fields) => same(withFields(date, fields, ['year', 'monthOfYear', 'dayOfMonth']))],
    [
      'withTime',
      (...fields) => same(withFields(date, fields, ['hourOfDay', 'minuteOfHour', 'secondOfMinute', 'millisOfSecond'])),
    ],
  ];
}

function withFields(date: DateTime, values: readonly ExpressionValue[], names: readonly string[]): DateTime {
  // The day last counts against the new month, not the old one: go through the first of the month.
  const start = names.includes('dayOfMonth') ? date.set({ day: 1 }) : date;
  return names.reduce((changed, name, index) => {
    const field = FIELDS.find((candidate) => candidate.name === name);
    return field === undefined ? changed : setField(field, changed, integerOf(values[index], name));
  }, start);
}
