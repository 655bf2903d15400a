import type { DateTime } from 'luxon';
import type { ExpressionValue, JavaObject } from '../expression-value.js';
import { DateTime as LuxonDateTime } from 'luxon';
import { createZone, zoneOf } from './joda-zone.js';
import { formatDate, type PatternDialect } from './date-pattern.js';
import { comparableOf } from './java-date.js';

/** A `java.text.SimpleDateFormat` in the zone of `now`. */
export function createSimpleDateFormat(pattern: string, now: DateTime): JavaObject {
  return formatter('java.text.SimpleDateFormat', 'format', pattern, 'SimpleDateFormat', now);
}

/** A Joda `DateTimeFormatter` in the zone of `now`, unless `withZone` or `withZoneUTC` say otherwise. */
export function createDateTimeFormatter(pattern: string, now: DateTime): JavaObject {
  const plain = formatter('org.joda.time.format.DateTimeFormatter', 'print', pattern, 'Joda', now);
  const inZone = (zone: ExpressionValue): ExpressionValue => {
    return createDateTimeFormatter(pattern, now.setZone(zoneOf(zone) ?? now.zone));
  };
  return {
    ...plain,
    methods: new Map([...plain.methods, ['withZone', inZone], ['withZoneUTC', () => inZone(createZone('UTC'))]]),
  };
}

function formatter(
  className: string,
  method: string,
  pattern: string,
  dialect: PatternDialect,
  now: DateTime,
): JavaObject {
  const format = (value: ExpressionValue): string => {
    const date = LuxonDateTime.fromMillis(comparableOf(value), { zone: now.zone, locale: 'en-US' });
    return formatDate(date, pattern, dialect);
  };
  return {
    className,
    text: () => className,
    methods: new Map<string, (...args: readonly ExpressionValue[]) => ExpressionValue>([
      [method, format],
      ['toPattern', () => pattern],
    ]),
  };
}
