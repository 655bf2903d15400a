import type { Condition, ConditionExpression } from '@lockstep/domain';
import { javaScriptString } from './javascript-string.js';

/** Where the values of a condition come from. */
export interface ConditionValues {
  /** Output property `param` of the sibling `job`; undefined when it has not run or not written it. */
  readonly outputOf: (job: string, param: string) => string | undefined;
  /** A flow parameter; undefined when there is none of this name. */
  readonly parameter: (name: string) => string | undefined;
}

/**
 * Whether the variable part of a condition is true (the macro is `macroHolds`'s business). The rules are those of
 * JavaScript, in which Azkaban evaluates it: `'10' > 9` compares numbers, `'10' > '9'` texts, `==` is loose, `&&` and
 * `||` give one of their sides. A missing value is the text `null`. The result has to be exactly true: anything else,
 * also a value that would not be one string between single quotes (say, one with a quote in it), is false.
 */
export function evaluateCondition(condition: Condition, values: ConditionValues): boolean {
  if (condition.expression === undefined) return true;
  try {
    return evaluate(condition.expression, readAll(condition.expression, values)) === true;
  } catch (error) {
    if (error instanceof UnusableValue) return false;
    throw error;
  }
}

/** A value that breaks the condition as a whole, even where it would not be looked at. */
class UnusableValue extends Error {}

type Value = string | number | boolean;
type Values = ReadonlyMap<ConditionExpression, string>;

function readAll(expression: ConditionExpression, values: ConditionValues): Values {
  const read = new Map<ConditionExpression, string>();
  const open = [expression];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.kind === 'output') read.set(node, quoted(values.outputOf(node.job, node.param)));
    if (node.kind === 'parameter') read.set(node, quoted(values.parameter(node.name)));
    if (node.kind === 'not') open.push(node.operand);
    if (node.kind === 'binary') open.push(node.left, node.right);
  }
  return read;
}

function quoted(value: string | undefined): string {
  const text = javaScriptString(value ?? 'null', "'");
  if (text === undefined) throw new UnusableValue();
  return text;
}

function evaluate(expression: ConditionExpression, values: Values): Value {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'output':
    case 'parameter':
      return values.get(expression) ?? 'null';
    case 'not':
      return !evaluate(expression.operand, values);
    case 'binary':
      return evaluateBinary(expression, values);
  }
}

function evaluateBinary(expression: Extract<ConditionExpression, { readonly kind: 'binary' }>, values: Values): Value {
  const left = evaluate(expression.left, values);
  if (expression.operator === '&&') return left && evaluate(expression.right, values);
  if (expression.operator === '||') return left || evaluate(expression.right, values);
  return compare(expression.operator, left, evaluate(expression.right, values));
}

/** JavaScript's own operators on texts, numbers and booleans are the very rules to follow. */
function compare(operator: '==' | '!=' | '<' | '<=' | '>' | '>=', left: Value, right: Value): boolean {
  // The casts only quiet the type checker, which allows `<` between equal types; nothing is converted by them.
  const [a, b] = [left as string, right as string];
  switch (operator) {
    case '==':
      // eslint-disable-next-line eqeqeq -- loose on purpose
      return a == b;
    case '!=':
      // eslint-disable-next-line eqeqeq -- loose on purpose
      return a != b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
  }
}
