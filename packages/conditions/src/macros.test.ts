import { describe, expect, it } from '@jest/globals';
import { macroHolds } from './macros.js';

describe('macroHolds', () => {
  it.each([
    { macro: 'all_success', dependencies: 2, successes: 2, failures: 0, holds: true },
    { macro: 'all_success', dependencies: 2, successes: 1, failures: 1, holds: false },
    { macro: 'one_success', dependencies: 2, successes: 1, failures: 1, holds: true },
    { macro: 'one_success', dependencies: 2, successes: 0, failures: 2, holds: false },
    { macro: 'all_failed', dependencies: 2, successes: 0, failures: 2, holds: true },
    { macro: 'all_failed', dependencies: 2, successes: 1, failures: 1, holds: false },
    { macro: 'one_failed', dependencies: 2, successes: 1, failures: 1, holds: true },
    { macro: 'one_failed', dependencies: 2, successes: 2, failures: 0, holds: false },
    { macro: 'all_done', dependencies: 2, successes: 0, failures: 2, holds: true },
    { macro: 'all_success', dependencies: 0, successes: 0, failures: 0, holds: true },
    { macro: 'all_failed', dependencies: 0, successes: 0, failures: 0, holds: true },
    { macro: 'all_done', dependencies: 0, successes: 0, failures: 0, holds: true },
    { macro: 'one_success', dependencies: 0, successes: 0, failures: 0, holds: false },
    { macro: 'one_failed', dependencies: 0, successes: 0, failures: 0, holds: false },
  ] as const)(
    '$macro of $dependencies dependencies, $successes good and $failures bad: $holds',
    ({ macro, holds, ...counts }) => {
      expect(macroHolds(macro, counts)).toBe(holds);
    },
  );
});
