import { describe, expect, it } from '@jest/globals';
import { parseCondition } from './parse-condition.js';

const NEVER = { kind: 'literal', value: false };

describe('parseCondition', () => {
  it.each([
    ['one_success', 'one_success'],
    ['  ALL_Done ', 'all_done'],
    ['((one_failed))', 'one_failed'],
    ['one_success_all_done', 'one_success'],
  ])('keeps of %s only the macro', (text, macro) => {
    expect(parseCondition(text)).toEqual({ macro, text });
  });

  it('puts true in the place of the macro', () => {
    const text = "one_success && ${jobA:props} == 'foo'";
    expect(parseCondition(text)).toEqual({
      macro: 'one_success',
      text,
      expression: {
        kind: 'binary',
        operator: '&&',
        left: { kind: 'literal', value: true },
        right: {
          kind: 'binary',
          operator: '==',
          left: { kind: 'output', job: 'jobA', param: 'props' },
          right: { kind: 'literal', value: 'foo' },
        },
      },
    });
  });

  it('takes all_success where no macro is written', () => {
    expect(parseCondition('1 == 1').macro).toBe('all_success');
  });

  it('does not take a quoted word or the name of a job for a macro', () => {
    expect(parseCondition("${all_done:one_failed} == 'all_failed'")).toMatchObject({
      macro: 'all_success',
      expression: { left: { job: 'all_done', param: 'one_failed' }, right: { value: 'all_failed' } },
    });
  });

  it('binds ! tightest, then comparison, then equality, then && and last ||', () => {
    expect(parseCondition('1 || 2 && 3 == 4 < !5').expression).toMatchObject({
      operator: '||',
      left: { value: 1 },
      right: {
        operator: '&&',
        left: { value: 2 },
        right: { operator: '==', right: { operator: '<', right: { kind: 'not', operand: { value: 5 } } } },
      },
    });
  });

  it('reads a name in ${} as a flow parameter, and blanks in references as nothing', () => {
    expect(parseCondition('${environment} == ${ extract : rows }').expression).toMatchObject({
      left: { kind: 'parameter', name: 'environment' },
      right: { kind: 'output', job: 'extract', param: 'rows' },
    });
  });

  it.each([
    ['(1 == 1'],
    ['1 == 1)'],
    ['1 2'],
    ['1 =='],
    ['&& 1'],
    [''],
    ['1.5 > 1'],
    ['foo == 1'],
    ['1 === 1'],
    ["'open"],
    ["'${jobA:x}' == 'y'"],
    ['one_success || all_failed'],
    ['('.repeat(100_000)],
    ['!'.repeat(100_000)],
  ])('makes false of what is no expression: %.30s', (text) => {
    expect(parseCondition(text).expression).toEqual(NEVER);
  });

  it('refuses flow parameters when they are not allowed', () => {
    expect(parseCondition('${a} == 1', { flowParameters: 'refused' }).expression).toEqual(NEVER);
  });

  it('survives JSON', () => {
    const condition = parseCondition('one_success && !(${a:b} > 3 || "x" != ${c})');
    expect(JSON.parse(JSON.stringify(condition))).toEqual(condition);
  });
});
