import { describe, expect, it } from '@jest/globals';
import { nextFireTimes } from './next-fire-times.js';
import { isQuartzCron, parseQuartzCron } from './quartz-cron.js';

const NEW_YEAR_2027 = Date.UTC(2027, 0, 1);

describe('parseQuartzCron', () => {
  it.each([
    ['0 0 12 * *', 'it has 5 fields and needs six or seven: second minute hour day-of-month month day-of-week [year].'],
    ['0 60 12 * * ?', 'minute "60" has 60; the field takes 0-59.'],
    ['0 0 12 ? * 0', 'day-of-week "0" has 0; the field takes 1-7 or SUN-SAT.'],
    ['0 0 12 ? * FUN', 'day-of-week "FUN" is not understood; the field takes 1-7 or SUN-SAT.'],
    ['0 0/60 * * * ?', 'minute "0/60" has step 60, larger than the field (at most 59).'],
    ['0 0 12 1/ * ?', 'day-of-month "1/" needs a number after the "/".'],
    ['0 0 12 5- * ?', 'day-of-month "5-" is not a range such as "1-5" or "0-30/5".'],
    ['0 0 12 L,15 * ?', 'day-of-month "L,15" has L in a list; it must stand alone.'],
    ['0 0 12 1W,15W * ?', 'day-of-month "1W,15W" has L or W in a list; they must stand alone.'],
    ['0 0 12 L-31 * ?', 'day-of-month "L-31" goes back more than 30 days.'],
    ['0 0 12 ? * 6#6', 'day-of-week "6#6" needs a number from 1 to 5 after the "#".'],
    ['0 0 12 * * *', 'exactly one of day-of-month ("*") and day-of-week ("*") must be "?".'],
    ['0 ? 12 * * ?', '"?" can stand only in day-of-month or day-of-week, not in minute.'],
    ['L 0 12 * * ?', 'second "L" is not understood; the field takes 0-59.'],
    ['0 0 12 ? * MON 2030-2027', 'year "2030-2027" ends before it starts.'],
  ])('says what is wrong with "%s"', (expression, problem) => {
    expect(parseQuartzCron(expression)).toEqual({
      result: 'error',
      message: `Cron expression "${expression}" is not valid: ${problem}`,
    });
  });

  it.each([
    ['an eighth field', '0 0 12 * * ? 2027 nonsense', '0 0 12 * * ? 2027'],
    ['what follows a star', '0 0 12 *5 * ?', '0 0 12 * * ?'],
    ['a W after a range', '0 0 12 1-5W * ?', '0 0 12 1-5 * ?'],
    ['a step after a range of names', '0 0 12 ? * SUN-TUE/2', '0 0 12 ? * SUN-TUE'],
    ['the rest of a long name', '0 0 12 ? JANUARY MONDAY', '0 0 12 ? JAN MON'],
    ['a step of zero', '0 5/0 12 * * ?', '0 5 12 * * ?'],
    ['a step of zero after a star', '0 */0 12 * * ?', '0 * 12 * * ?'],
    ['all days but the lowest beside a #', '0 0 12 ? * FRI#2,MON', '0 0 12 ? * MON#2'],
    ['letters after L in the day of the week', '0 0 12 ? * L-3', '0 0 12 ? * SAT'],
    ['case', '0 0 12 ? jan fril', '0 0 12 ? JAN 6L'],
    ['white space around and between', '  0\t0 12  * * ? ', '0 0 12 * * ?'],
  ])('ignores %s, as Quartz does', (_, written, meant) => {
    const options = { timezone: 'UTC', after: NEW_YEAR_2027, count: 40 };
    expect(nextFireTimes(written, options)).toEqual(nextFireTimes(meant, options));
  });

  it('accepts an expression that never fires, for which there are no next times', () => {
    expect(isQuartzCron('0 0 0 30 2 ?')).toBe(true);
    expect(nextFireTimes('0 0 0 30 2 ?', { timezone: 'UTC', after: NEW_YEAR_2027, count: 3 })).toEqual([]);
  });
});
