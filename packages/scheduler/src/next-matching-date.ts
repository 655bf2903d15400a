import type { DayRule, QuartzCron, YearRange } from './quartz-cron.js';

/** A day of the calendar; `month` is 1–12. */
export interface CalendarDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/**
 * The first date on or after `from` that the expression's days, months and years allow, none later than `lastYear`.
 * Goes month by month, so that a hundred years without any match are about a thousand cheap steps.
 */
export function nextMatchingDate(cron: QuartzCron, from: CalendarDate, lastYear: number): CalendarDate | undefined {
  for (let year = from.year; year <= lastYear; year++) {
    if (!cron.years.some((range) => includesYear(range, year))) continue;
    for (const month of cron.months) {
      if (year === from.year && month < from.month) continue;
      const firstDay = year === from.year && month === from.month ? from.day : 1;
      const day = matchingDays(cron.days, year, month).find((candidate) => candidate >= firstDay);
      if (day !== undefined) return { year, month, day };
    }
  }
  return undefined;
}

function includesYear({ from, until = Infinity, step }: YearRange, year: number): boolean {
  return year >= from && year <= until && (year - from) % step === 0;
}

/** The days of that month the rule allows, ascending. */
function matchingDays(rule: DayRule, year: number, month: number): readonly number[] {
  const lastDay = lastDayOf(year, month);
  switch (rule.rule) {
    case 'days-of-month':
      return rule.days.filter((day) => day <= lastDay);
    case 'last-of-month': {
      const day = lastDay - rule.daysBefore;
      if (day < 1) return [];
      return [rule.nearestWeekday ? nearestWeekday(day, year, month) : day];
    }
    case 'nearest-weekday':
      if (rule.day <= lastDay) return [nearestWeekday(rule.day, year, month)];
      return isSaturdayAfterMonth(rule.day, lastDay, year, month) ? [lastDay] : [];
    case 'days-of-week':
      return daysFrom(1, lastDay).filter((day) => rule.days.includes(dayOfWeek(year, month, day)));
    case 'last-weekday-of-month':
      return [firstOfWeekday(rule.day, year, month, lastDay - 6)];
    case 'nth-weekday-of-month': {
      const day = firstOfWeekday(rule.day, year, month, 1) + (rule.nth - 1) * 7;
      return day <= lastDay ? [day] : [];
    }
  }
}

/** Monday to Friday, the nearest to that day, without leaving the month. */
function nearestWeekday(day: number, year: number, month: number): number {
  const weekday = dayOfWeek(year, month, day);
  if (weekday === SATURDAY) return day === 1 ? day + 2 : day - 1;
  if (weekday === SUNDAY) return day === lastDayOf(year, month) ? day - 2 : day + 1;
  return day;
}

/**
 * Quartz looks the day up before it notices that the month is too short for it: `31W` in April 2027 means May 1st to
 * it, a Saturday, whose nearest weekday is April 30th, and there it fires. Months two days short have no such day.
 */
function isSaturdayAfterMonth(day: number, lastDay: number, year: number, month: number): boolean {
  return day === lastDay + 1 && dayOfWeek(year, month, day) === SATURDAY;
}

const SUNDAY = 1;
const SATURDAY = 7;

function firstOfWeekday(weekday: number, year: number, month: number, onOrAfter: number): number {
  return onOrAfter + ((weekday - dayOfWeek(year, month, onOrAfter) + 7) % 7);
}

/** 1 = Sunday … 7 = Saturday, as Quartz counts. */
function dayOfWeek(year: number, month: number, day: number): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;
}

function lastDayOf(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function daysFrom(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
