import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { evaluateCondition } from './evaluate-condition.js';
import { parseCondition } from './parse-condition.js';

const outputs: Readonly<Record<string, string>> = {
  ten: '10',
  foo: 'foo',
  quote: "it's",
  double: 'say "hi"',
  end: 'a\\',
};
const parameters: Readonly<Record<string, string>> = { environment: 'production', limit: '9' };

function isTrue(text: string): boolean {
  return evaluateCondition(parseCondition(text), {
    outputOf: (job, param) => (job === 'a' ? outputs[param] : undefined),
    parameter: (name) => parameters[name],
  });
}

describe('evaluateCondition', () => {
  it.each([
    ['one_success', true],
    ["${a:foo} == 'foo'", true],
    ['${a:foo} == "foo"', true],
    ["${a:foo} != 'foo'", false],
    ['${a:ten} > 9', true],
    ["${a:ten} > '9'", false],
    ['${a:ten} == 10', true],
    ['${a:ten} >= 10 && ${a:ten} <= 10', true],
    ["${a:none} == 'null'", true],
    ["${b:foo} == 'null'", true],
    ['${a:none} > 0', false],
    ["${environment} == 'production'", true],
    ['${limit} < ${a:ten}', false],
    ['${limit} < 10', true],
    ["${unknown} == 'null'", true],
    ['!(${a:ten} > 9)', false],
    ['!one_success', false],
    ['one_success && ${a:ten} == 10', true],
    // Not a boolean.
    ['1', false],
    ["'true'", false],
    ["one_success && 'x'", false],
    ['${a:foo}', false],
    // A value that breaks the text, even where it would not be looked at.
    ["${a:quote} != 'x'", false],
    ['1 == 1 || ${a:quote} == 1', false],
    ["${a:end} != 'x'", false],
    ['${a:double} == \'say "hi"\'', true],
    ['(1 == 1', false],
  ])('%s is %s', (text, expected) => {
    expect(isTrue(text)).toBe(expected);
  });

  it('agrees with JavaScript about any expression', () => {
    fc.assert(
      fc.property(expression, values, (text, { x, y }) => {
        const condition = parseCondition(text);
        const ours = evaluateCondition(condition, {
          outputOf: (_job, param) => (param === 'x' ? x : undefined),
          parameter: () => y,
        });
        expect(ours).toBe(evaluateAsJavaScript(text, x, y));
      }),
      { numRuns: 2_000 },
    );
  });

  it('agrees with JavaScript about any string of the characters of conditions', () => {
    const characters = ['1', '08', ' ', '(', ')', '!', '<', '>', '=', '&', '|', "'", '"', 'a', '\\', '${a:x}', 'true'];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...characters), { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        // What JavaScript knows and the check at upload refuses; and references inside strings (see the tokenizer).
        // Longer words are refused at upload whatever stands around them; JavaScript may never look at them.
        fc.pre(!/true\w|\wtrue|a\w|\wa/.test(text));
        // An assignment would make a name that later texts find.
        fc.pre(!/(?<![=!<>])=(?!=)/.test(text));
        fc.pre(!/===|!==|<<|>>|<!--|-->|\/|[^&]&(?!&)|^&(?!&)|[^|]\|(?!\|)|["'][^"']*\$|&&&|\|\|\|/.test(text));
        const ours = evaluateCondition(parseCondition(text), { outputOf: () => '7', parameter: () => undefined });
        expect(ours).toBe(evaluateAsJavaScript(text, '7', undefined));
      }),
      { numRuns: 3_000 },
    );
  });
});

/** The oracle: what Azkaban does, with JavaScript's own evaluator. Test only. */
function evaluateAsJavaScript(text: string, x: string | undefined, y: string | undefined): boolean {
  const replaced = text
    .replaceAll('one_success', 'true')
    .replaceAll('${a:x}', () => `'${x ?? 'null'}'`)
    .replaceAll('${y}', () => `'${y ?? 'null'}'`);
  try {
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the oracle is the point of this test
    return (new Function(`return (${replaced}\n)`) as () => unknown)() === true;
  } catch {
    return false;
  }
}

const literal = fc.oneof(
  fc.constantFrom("'10'", "'9'", "''", "'foo'", '"foo"', "' 1 '", "'true'", "'0'", "'a\\tb'", '"\\u0041"', "'1e1'"),
  fc.nat({ max: 120 }).map(String),
  fc.constantFrom('010', '08', '000', '12345678901234567890'),
  fc.constantFrom('${a:x}', '${y}', 'one_success', 'true', 'false'),
);

const { expression } = fc.letrec<{ expression: string; leaf: string }>((tie) => ({
  leaf: literal,
  expression: fc.oneof(
    { maxDepth: 4, depthSize: 'medium' },
    tie('leaf'),
    fc
      .tuple(tie('expression'), fc.constantFrom('&&', '||', '==', '!=', '<', '>', '<=', '>='), tie('expression'))
      .map(([left, operator, right]) => `${left} ${operator} ${right}`),
    tie('expression').map((inner) => `(${inner})`),
    tie('expression').map((inner) => `!${inner}`),
  ),
}));

const value = fc.option(
  fc.oneof(
    fc.constantFrom(
      '10',
      '9',
      '',
      'foo',
      "it's",
      'C:\\temp',
      'a\\',
      'line\nbreak',
      '\\x4',
      '\\u{41}',
      '\\101',
      "\\'",
      '\u2028',
    ),
    fc.string({ maxLength: 6 }),
  ),
  { nil: undefined },
);
const values = fc.record({ x: value, y: value });
