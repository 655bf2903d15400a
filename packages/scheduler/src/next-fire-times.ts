import { nextMatchingDate } from './next-matching-date.js';
import { parseQuartzCron, type QuartzCron } from './quartz-cron.js';
import { createWallClock, type WallClock, type WallTime } from './wall-clock.js';

export interface NextFireTimesOptions {
  /** Name of the tz database, such as "Europe/Berlin". */
  readonly timezone: string;
  /** Epoch ms; the times returned are strictly later. */
  readonly after: number;
  readonly count: number;
}

/**
 * The next times (epoch ms, ascending) at which Quartz 2.3 fires the expression: at most `count`, fewer when there are
 * no more within a hundred years, none when it never fires again.
 *
 * When clocks change it does as Quartz: a time the wall clock skips does not fire, and one that it shows twice fires
 * the second time only. Throws `RangeError` for an expression or a time zone that is not valid.
 */
export function nextFireTimes(expression: string | QuartzCron, options: NextFireTimesOptions): readonly number[] {
  const cron = typeof expression === 'string' ? parsedOrThrow(expression) : expression;
  const clock = createWallClock(options.timezone);
  const times: number[] = [];
  let after = options.after;
  while (times.length < options.count) {
    const time = nextFireTime(cron, clock, after);
    if (time === undefined) break;
    times.push(time);
    after = time;
  }
  return times;
}

function parsedOrThrow(expression: string): QuartzCron {
  const parsed = parseQuartzCron(expression);
  if (parsed.result === 'error') throw new RangeError(parsed.message);
  return parsed.cron;
}

const SECOND_MS = 1000;
const SECONDS_PER_MINUTE = 60;
const MINUTES_PER_HOUR = 60;
const HOURS_PER_DAY = 24;
/** How far Quartz looks ahead before it says "never". */
const HORIZON_YEARS = 100;

/**
 * Walks as Quartz does: the smallest field that does not fit is moved to its next allowed value, all smaller ones go
 * back to their start, and the walk begins again from where the wall clock then stands. That last point decides what
 * happens when clocks change, which is why this is not a search over matching times.
 */
function nextFireTime(cron: QuartzCron, clock: WallClock, after: number): number | undefined {
  let wall = clock.showing((Math.floor(after / SECOND_MS) + 1) * SECOND_MS);
  const lastYear = new Date(wall).getUTCFullYear() + HORIZON_YEARS;
  for (;;) {
    const moved = moveTime(cron, wall) ?? moveDate(cron, wall, lastYear);
    if (moved === 'never') return undefined;
    if (moved === 'fits') return clock.instantOf(wall);
    wall = clock.existing(moved);
  }
}

/** Where to go on for the sake of the time of day; undefined when second, minute and hour fit. */
function moveTime(cron: QuartzCron, wall: WallTime): WallTime | undefined {
  const at = fieldsOf(wall);
  const second = atOrAfter(cron.seconds, at.second);
  if (second === undefined) {
    return wallTime({ ...at, minute: at.minute + 1, second: first(cron.seconds) });
  }
  if (second !== at.second) return wallTime({ ...at, second });

  const minute = atOrAfter(cron.minutes, at.minute);
  if (minute === undefined) return wallTime({ ...at, hour: at.hour + 1, minute: first(cron.minutes), second: 0 });
  if (minute !== at.minute) return wallTime({ ...at, minute, second: 0 });

  const hour = atOrAfter(cron.hours, at.hour);
  if (hour === undefined) return wallTime({ ...at, day: at.day + 1, hour: first(cron.hours), minute: 0, second: 0 });
  if (hour !== at.hour) return wallTime({ ...at, hour, minute: 0, second: 0 });
  return undefined;
}

function moveDate(cron: QuartzCron, wall: WallTime, lastYear: number): WallTime | 'fits' | 'never' {
  const at = fieldsOf(wall);
  const date = nextMatchingDate(cron, at, lastYear);
  if (date === undefined) return 'never';
  if (date.day === at.day && date.month === at.month && date.year === at.year) return 'fits';
  return wallTime({ ...date, hour: 0, minute: 0, second: 0 });
}

interface WallFields {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

function fieldsOf(wall: WallTime): WallFields {
  const date = new Date(wall);
  const seconds = Math.floor(wall / SECOND_MS);
  const minutes = Math.floor(seconds / SECONDS_PER_MINUTE);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: mod(Math.floor(minutes / MINUTES_PER_HOUR), HOURS_PER_DAY),
    minute: mod(minutes, MINUTES_PER_HOUR),
    second: mod(seconds, SECONDS_PER_MINUTE),
  };
}

/** Values beyond a field's end carry over into the next larger field. */
function wallTime({ year, month, day, hour, minute, second }: WallFields): WallTime {
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function atOrAfter(values: readonly number[], value: number): number | undefined {
  return values.find((candidate) => candidate >= value);
}

function first(values: readonly number[]): number {
  return values[0] ?? 0;
}

function mod(value: number, size: number): number {
  return ((value % size) + size) % size;
}
