import { expect, it } from '@jest/globals';
import { textLine } from './text-line.js';

const time = '2026-01-02T03:04:05.678Z';

it('puts time, level, message and fields on one line', () => {
  expect(textLine(JSON.stringify({ level: 30, time, msg: 'Ready', executionId: 7, path: '/a b' }))).toBe(
    `${time} INFO  Ready executionId=7 path="/a b"\n`,
  );
});

it('shows the stack of an error below it, indented', () => {
  const err = { message: 'gone', stack: 'Error: gone\n    at x' };
  expect(textLine(JSON.stringify({ level: 50, time, msg: 'Failed', err }))).toBe(
    `${time} ERROR Failed\n    Error: gone\n        at x\n`,
  );
});
