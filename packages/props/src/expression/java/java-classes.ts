import { DateTime } from 'luxon';
import { ExpressionError } from '../expression-error.js';
import {
  describeValue,
  integerOf,
  isJavaObject,
  textOf,
  type ExpressionValue,
  type JavaObject,
} from '../expression-value.js';
import { createDateTimeFormatter, createSimpleDateFormat } from './date-formatters.js';
import { createJavaDate } from './java-date.js';
import { createJodaDate } from './joda-date.js';
import { createZone, zoneOf } from './joda-zone.js';

type Call = (...args: readonly ExpressionValue[]) => ExpressionValue;

/** The Java classes an expression can use. There are no others: nothing is loaded by name. */
export interface JavaClasses {
  /** `new("class", …)`. */
  readonly construct: (className: string, args: readonly ExpressionValue[]) => ExpressionValue;
  /** `class.method` and `class.field` → its function. */
  readonly statics: ReadonlyMap<string, Call>;
}

export function createJavaClasses({ now, timeZone }: { readonly now: number; readonly timeZone: string }): JavaClasses {
  const atNow = DateTime.fromMillis(now, { zone: timeZone, locale: 'en-US' });
  const system: JavaObject = {
    className: 'java.lang.System',
    text: () => 'java.lang.System',
    methods: new Map<string, Call>([
      ['currentTimeMillis', () => BigInt(now)],
      ['nanoTime', () => BigInt(now) * 1_000_000n],
      ['lineSeparator', () => '\n'],
    ]),
  };
  const jodaDateTime: Call = (...args) => createJodaDate('DateTime', dateTimeOf(args, atNow), atNow);
  const jodaLocalDate: Call = (...args) => createJodaDate('LocalDate', dateTimeOf(args, atNow).startOf('day'), atNow);
  const constructors: ReadonlyMap<string, Call> = new Map<string, Call>([
    ['org.joda.time.DateTime', jodaDateTime],
    ['org.joda.time.LocalDate', jodaLocalDate],
    ['java.util.Date', (...args) => createJavaDate(dateTimeOf(args.slice(0, 1), atNow))],
    ['java.text.SimpleDateFormat', (pattern) => createSimpleDateFormat(textOf(pattern), atNow)],
    ['java.lang.System', () => system],
    ['java.lang.String', (text) => textOf(text)],
    ['java.lang.Integer', (value) => BigInt(integerOf(value, 'java.lang.Integer'))],
    ['java.lang.Long', (value) => BigInt(integerOf(value, 'java.lang.Long'))],
  ]);
  return {
    construct(className, args) {
      const constructor = constructors.get(className);
      if (constructor !== undefined) return constructor(...args);
      const known = [...constructors.keys()].sort().join(', ');
      throw new ExpressionError(`There is no class "${className}" here; there are: ${known}.`);
    },
    statics: new Map<string, Call>([
      ...[...system.methods].map(([name, method]): [string, Call] => [`java.lang.System.${name}`, method]),
      ['java.lang.Integer.parseInt', (value) => BigInt(integerOf(value, 'parseInt'))],
      ['java.lang.Long.parseLong', (value) => BigInt(integerOf(value, 'parseLong'))],
      ['java.lang.Math.max', (left, right) => extreme(left, right, 'max')],
      ['java.lang.Math.min', (left, right) => extreme(left, right, 'min')],
      ['org.joda.time.DateTime.now', (...args) => jodaDateTime(...args)],
      ['org.joda.time.DateTime.parse', (text) => jodaDateTime(text)],
      ['org.joda.time.LocalDate.now', () => jodaLocalDate()],
      ['org.joda.time.LocalDate.parse', (text) => jodaLocalDate(text)],
      ['org.joda.time.DateTimeZone.UTC', () => createZone('UTC')],
      ['org.joda.time.DateTimeZone.forID', (id) => createZone(textOf(id))],
      ['org.joda.time.DateTimeZone.getDefault', () => createZone(timeZone)],
      ['org.joda.time.format.DateTimeFormat.forPattern', (pattern) => createDateTimeFormatter(textOf(pattern), atNow)],
    ]),
  };
}

function extreme(left: ExpressionValue, right: ExpressionValue, which: 'max' | 'min'): bigint {
  return BigInt(Math[which](integerOf(left, which), integerOf(right, which)));
}

/** Nothing; milliseconds; an ISO text; another date; or year, month, day, hour, … — each with a zone behind it. */
function dateTimeOf(args: readonly ExpressionValue[], now: DateTime): DateTime {
  const zone = zoneOf(args.at(-1));
  const fields = zone === undefined ? args : args.slice(0, -1);
  const base = zone === undefined ? now : now.setZone(zone);
  const [first] = fields;
  if (fields.length === 0) return base;
  if (fields.length > 1) return fromFields(fields, base);
  if (typeof first === 'string') return checked(DateTime.fromISO(first, { zone: base.zone, locale: 'en-US' }), first);
  if (isJavaObject(first) && first.comparable !== undefined) return at(first.comparable, base);
  return at(integerOf(first, 'A date'), base);
}

function at(ms: number, base: DateTime): DateTime {
  return checked(DateTime.fromMillis(ms, { zone: base.zone, locale: 'en-US' }), BigInt(ms));
}

function fromFields(fields: readonly ExpressionValue[], base: DateTime): DateTime {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0, millisecond = 0] = fields.map((field) =>
    integerOf(field, 'A date'),
  );
  const date = DateTime.fromObject(
    { year, month, day, hour, minute, second, millisecond },
    { zone: base.zone, locale: 'en-US' },
  );
  return checked(date, fields);
}

function checked(date: DateTime, source: ExpressionValue): DateTime {
  if (date.isValid) return date;
  throw new ExpressionError(
    `${describeValue(source)} is not a date${date.invalidExplanation ? `: ${date.invalidExplanation}` : ''}.`,
  );
}
