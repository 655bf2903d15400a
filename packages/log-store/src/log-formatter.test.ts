import { describe, expect, it } from '@jest/globals';
import { createLogFormatter } from './log-formatter.js';

describe('formatting lines for a log', () => {
  it('gives each line the time, the job and its level', () => {
    const format = createLogFormatter({ timeZone: 'UTC' });
    const lines = [
      { level: 'INFO', text: 'Grüße' },
      { level: 'ERROR', text: 'two\nlines' },
    ] as const;
    expect(Buffer.from(format({ at: 0, jobName: 'jöb', lines })).toString()).toBe(
      '01-01-1970 00:00:00 UTC jöb INFO - Grüße\n' +
        '01-01-1970 00:00:00 UTC jöb ERROR - two\n' +
        '01-01-1970 00:00:00 UTC jöb ERROR - lines\n',
    );
  });
});
