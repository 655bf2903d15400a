import { describe, expect, it } from '@jest/globals';
import { createLogTimestamps } from './log-timestamps.js';

describe('time stamps of log lines', () => {
  const winter = Date.UTC(2024, 0, 31, 23, 5, 9, 999);
  const summer = Date.UTC(2024, 6, 1, 0, 0, 0);
  const cases: readonly [zone: string, at: number, text: string][] = [
    ['UTC', winter, '31-01-2024 23:05:09 UTC'],
    ['UTC', summer, '01-07-2024 00:00:00 UTC'],
    ['Europe/Berlin', winter, '01-02-2024 00:05:09 CET'],
    ['Europe/Berlin', summer, '01-07-2024 02:00:00 CEST'],
    ['America/Los_Angeles', summer, '30-06-2024 17:00:00 PDT'],
    ['Asia/Shanghai', winter, '01-02-2024 07:05:09 CST'],
    ['Asia/Kathmandu', winter, '01-02-2024 04:50:09 GMT+5:45'],
  ];
  it.each(cases)('are dd-MM-yyyy HH:mm:ss z in %s', (timeZone, at, text) => {
    expect(createLogTimestamps({ timeZone })(at)).toBe(text);
  });

  it('change with the second, forwards and backwards', () => {
    const stampOf = createLogTimestamps({ timeZone: 'UTC' });
    expect([0, 999, 1000, 999].map((at) => stampOf(at).slice(17, 19))).toEqual(['00', '00', '01', '00']);
  });
});
