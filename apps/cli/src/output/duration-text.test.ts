import { expect, it } from '@jest/globals';
import { durationText } from './duration-text.js';

it.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [1_340, '1.3 s'],
  [59_999, '59 s'],
  [64_000, '1 m 04 s'],
  [7_500_000, '2 h 05 m'],
])('%d ms is "%s"', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});
