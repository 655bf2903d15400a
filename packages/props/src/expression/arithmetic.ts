import { ExpressionError } from './expression-error.js';
import { describeValue, isJavaObject, textOf, type ExpressionValue } from './expression-value.js';

/*
 * JEXL 2's lenient arithmetic: null counts as 0, a text of digits is a number, a decimal on either side (also in a
 * text) makes the calculation one of decimals, everything else is integers of any size.
 */

/** Adds numbers; where one side is a text that is no number, it joins texts. */
export function add(left: ExpressionValue, right: ExpressionValue): ExpressionValue {
  const pair = numbersOf(left, right);
  if (pair === undefined) return textOf(left) + textOf(right);
  return pair.kind === 'decimal' ? pair.left + pair.right : pair.left + pair.right;
}

export function calculate(
  operator: '-' | '*' | '/' | '%',
  left: ExpressionValue,
  right: ExpressionValue,
): ExpressionValue {
  const pair = numbersOf(left, right);
  if (pair === undefined) {
    throw new ExpressionError(`Cannot calculate ${describeValue(left)} ${operator} ${describeValue(right)}.`);
  }
  if (left === undefined && right === undefined) return 0n;
  const divides = operator === '/' || operator === '%';
  if (divides && (pair.right === 0 || pair.right === 0n)) throw new ExpressionError('Division by zero.');
  return pair.kind === 'decimal'
    ? calculateDecimals(operator, pair.left, pair.right)
    : calculateIntegers(operator, pair.left, pair.right);
}

function calculateDecimals(operator: '-' | '*' | '/' | '%', left: number, right: number): number {
  if (operator === '-') return left - right;
  if (operator === '*') return left * right;
  return operator === '/' ? left / right : left % right;
}

function calculateIntegers(operator: '-' | '*' | '/' | '%', left: bigint, right: bigint): bigint {
  if (operator === '-') return left - right;
  if (operator === '*') return left * right;
  return operator === '/' ? left / right : left % right;
}

export function negate(value: ExpressionValue): ExpressionValue {
  if (typeof value === 'number' || typeof value === 'bigint') return -value;
  return calculate('-', 0n, value);
}

/** null, `''`, `false`, zero and NaN are false, also the text `false`. */
export function isTrue(value: ExpressionValue): boolean {
  if (typeof value === 'string') return value !== '' && value !== 'false';
  return Boolean(value);
}

/** `==`: numbers by value, texts by text, null only with null; a text beside a number is read as a number. */
export function equal(left: ExpressionValue, right: ExpressionValue): boolean {
  if (left === undefined || right === undefined) return left === right;
  if (typeof left === 'boolean' || typeof right === 'boolean') return isTrue(left) === isTrue(right);
  if (left === right) return true;
  if (isUncomparable(left) || isUncomparable(right)) return false;
  return compare(left, right, '==') === 0;
}

/** `<` and its kin: false whenever null is involved, except that `<=` and `>=` hold between two nulls. */
export function ordered(operator: '<' | '>' | '<=' | '>=', left: ExpressionValue, right: ExpressionValue): boolean {
  if (left === undefined || right === undefined) return left === right && operator.endsWith('=');
  const order = compare(left, right, operator);
  if (operator === '<') return order < 0;
  if (operator === '>') return order > 0;
  return operator === '<=' ? order <= 0 : order >= 0;
}

function compare(left: ExpressionValue, right: ExpressionValue, operator: string): number {
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : Number(left > right);
  if (isJavaObject(left) && isJavaObject(right) && left.comparable !== undefined && right.comparable !== undefined) {
    return left.comparable - right.comparable;
  }
  const pair = numbersOf(left, right);
  if (pair === undefined) {
    throw new ExpressionError(`Cannot compare ${describeValue(left)} ${operator} ${describeValue(right)}.`);
  }
  return pair.left < pair.right ? -1 : Number(pair.left > pair.right);
}

function isUncomparable(value: ExpressionValue): boolean {
  return typeof value === 'object' && !(isJavaObject(value) && value.comparable !== undefined);
}

type NumberPair =
  | { readonly kind: 'decimal'; readonly left: number; readonly right: number }
  | { readonly kind: 'integer'; readonly left: bigint; readonly right: bigint };

function numbersOf(leftValue: ExpressionValue, rightValue: ExpressionValue): NumberPair | undefined {
  const left = numberOf(leftValue);
  const right = numberOf(rightValue);
  if (left === undefined || right === undefined) return undefined;
  if (typeof left === 'bigint' && typeof right === 'bigint') return { kind: 'integer', left, right };
  return { kind: 'decimal', left: Number(left), right: Number(right) };
}

function numberOf(value: ExpressionValue): bigint | number | undefined {
  if (value === undefined) return 0n;
  if (typeof value === 'bigint' || typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  if (value.trim() === '') return 0n;
  if (/^[+-]?\d{1,1000}$/.test(value)) return BigInt(value.replace('+', ''));
  // Digits with a point somewhere and an optional exponent.
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(value.trim()) ? Number(value) : undefined;
}
