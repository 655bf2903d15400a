import { describe, expect, it } from '@jest/globals';
import { conditionErrors, validateCondition } from './validate-condition.js';

const base = { job: 'load', nodeIds: ['extract', 'load', 'report'], descendantIds: ['report'] };
const CANNOT_RESOLVE =
  'Invalid condition for load: cannot resolve the condition. Please check the syntax for supported conditions.';

describe('validateCondition', () => {
  it.each([
    ['one_success'],
    ['All_Done'],
    ['(ALL_FAILED)'],
    ['!one_failed'],
    ['one_success_all_done'],
    ["one_success && ${extract:rows} == 'foo'"],
    ['${extract:rows} >= 10 && ${extract:rows} <= 20'],
    ['!(${extract:rows} > 10) || "a" != \'b\''],
    ['${ extract : rows } < 3'],
    // Not a real parse: these go through although they are no expressions.
    ['((${extract:rows} == 1'],
    ['1 2 == 12'],
    ["'a b' == 'a' 'b'"],
    // Flow parameters are an addition.
    ["${environment} == 'production'"],
  ])('accepts %s', (text) => {
    expect(validateCondition({ ...base, text, format: 'flow2' })).toBeUndefined();
  });

  it.each([
    ['one_success && all_success || all_failed', /cannot combine more than one conditionOnJobStatus macros\.$/],
    ["${extract:param} != 'foo' || !() > 1", /^Invalid condition for load: operand is an empty string\.$/],
    ['${extract:a} == ', /operand is an empty string/],
    ['&& one_success', /operand is an empty string/],
    ['', /operand is an empty string/],
    ["${extrac:param} == 'foo'", /^Invalid condition for load: extrac doesn't exist in the flow\.$/],
    [
      '${report:rows} == 1',
      /^Invalid condition for load: should not define condition on its descendant node report\.$/,
    ],
  ])('refuses %s', (text, error) => {
    expect(validateCondition({ ...base, text, format: 'flow2' })).toMatch(error);
  });

  it.each([
    ['1.5 == 1'],
    ['-1 < 0'],
    ['foo'],
    ['true'],
    ['!!one_success'],
    ['${extract:rows} === 1'],
    ['${extract:} == 1'],
    ['${:rows} == 1'],
    ['${a:b:c} == 1'],
    ["'a&&b' == 'x'"],
    ['${bad-name} == 1'],
    ['all_successes'],
  ])('cannot resolve %s', (text) => {
    expect(validateCondition({ ...base, text, format: 'flow2' })).toBe(CANNOT_RESOLVE);
  });

  it('says "fo" about an empty operand in Flow 1.0, as Azkaban does', () => {
    expect(validateCondition({ ...base, text: '', format: 'flow1' })).toBe(
      'Invalid condition fo load: operand is an empty string.',
    );
  });

  it('does not look at descendants in Flow 1.0', () => {
    expect(validateCondition({ ...base, text: '${report:rows} == 1', format: 'flow1' })).toBeUndefined();
  });

  it('refuses flow parameters when they are not allowed', () => {
    expect(
      validateCondition({ ...base, text: '${environment} == 1', format: 'flow2', flowParameters: 'refused' }),
    ).toBe(CANNOT_RESOLVE);
  });

  it('lists every error once, in the order of the text', () => {
    const text = 'foo && ${extrac:rows} == bar || all_done && all_done && all_done';
    expect(conditionErrors({ ...base, text, format: 'flow2' })).toEqual([
      CANNOT_RESOLVE,
      "Invalid condition for load: extrac doesn't exist in the flow.",
      'Invalid condition for load: cannot combine more than one conditionOnJobStatus macros.',
    ]);
  });
});
