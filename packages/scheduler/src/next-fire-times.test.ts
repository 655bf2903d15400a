import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { nextFireTimes } from './next-fire-times.js';
import { isQuartzCron } from './quartz-cron.js';

interface Vector {
  readonly expression: string;
  readonly timezone: string;
  readonly after: number;
  readonly valid: boolean;
  readonly next: readonly number[];
}

const VECTORS = new URL('../../../../shared/vectors/quartz-cron.json', import.meta.url);
const vectors = existsSync(VECTORS) ? (JSON.parse(readFileSync(VECTORS, 'utf8')) as Vector[]) : [];
const whenVectorsAreThere = vectors.length > 0 ? describe : describe.skip;

whenVectorsAreThere('the recorded behaviour of Quartz (needs ../shared/vectors/quartz-cron.json)', () => {
  it.each(vectors.filter(({ valid }) => valid))(
    'fires "$expression" in $timezone after $after as Quartz does',
    ({ expression, timezone, after, next }) => {
      expect(nextFireTimes(expression, { timezone, after, count: 6 })).toEqual(next);
    },
  );

  it.each(vectors.filter(({ valid }) => !valid))('refuses "$expression" as Quartz does', ({ expression }) => {
    expect(isQuartzCron(expression)).toBe(false);
  });
});

describe('nextFireTimes', () => {
  const at = (text: string): number => Date.parse(text);
  const shown = (times: readonly number[]): readonly string[] => times.map((time) => new Date(time).toISOString());

  it.each([
    ['skips a day whose 02:30 does not exist', '0 30 2 * * ?', '2024-03-09T12:00Z', ['2024-03-11T06:30:00.000Z']],
    ['skips a day whose 02:00 does not exist', '0 0 2 * * ?', '2024-03-09T12:00Z', ['2024-03-11T06:00:00.000Z']],
    [
      'fires at the second 01:30 only',
      '0 30 1 * * ?',
      '2024-11-02T12:00Z',
      ['2024-11-03T06:30:00.000Z', '2024-11-04T06:30:00.000Z'],
    ],
    [
      'leaves a gap of two hours in autumn when hourly',
      '0 0 * * * ?',
      '2024-11-03T03:30Z',
      ['2024-11-03T04:00:00.000Z', '2024-11-03T06:00:00.000Z'],
    ],
  ])('in New York %s', (_, expression, after, expected) => {
    const options = { timezone: 'America/New_York', after: at(after), count: expected.length };
    expect(shown(nextFireTimes(expression, options))).toEqual(expected);
  });

  it('is strictly later than "after", to the millisecond', () => {
    const noon = at('2027-05-05T12:00:00Z');
    const next = (after: number): readonly number[] =>
      nextFireTimes('0 0 12 * * ?', { timezone: 'UTC', after, count: 1 });
    expect(next(noon - 1)).toEqual([noon]);
    expect(next(noon)).toEqual([noon + 86_400_000]);
  });

  it.each(['0 0 0 30 2 ?', '0 0 0 29 2 ? 2096', '59 59 23 ? 2 1#5', '0 0 0 1 1 ? 1999', '* * * 31W 2 ?'])(
    'answers for the rare or impossible "%s" in well under a second',
    (expression) => {
      const started = performance.now();
      nextFireTimes(expression, { timezone: 'Europe/Berlin', after: at('2026-11-21T00:00Z'), count: 5 });
      expect(performance.now() - started).toBeLessThan(500);
    },
  );

  it('names a time zone it does not know', () => {
    expect(() => nextFireTimes('0 0 12 * * ?', { timezone: 'Mars/Olympus', after: 0, count: 1 })).toThrow(
      'Time zone "Mars/Olympus" is unknown; use a name such as "Europe/Berlin" or "UTC".',
    );
  });

  it('refuses an expression that is not valid', () => {
    expect(() => nextFireTimes('noon', { timezone: 'UTC', after: 0, count: 1 })).toThrow(
      'Cron expression "noon" is not valid',
    );
  });
});
