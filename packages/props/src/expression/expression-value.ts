import { ExpressionError } from './expression-error.js';

/** A value of an expression: undefined stands for Java's null, a bigint for any integer, a number for a decimal. */
export type ExpressionValue = undefined | boolean | bigint | number | string | JavaObject | readonly ExpressionValue[];

/** An object whose methods are written here; nothing of the host is reachable through it. */
export interface JavaObject {
  readonly className: string;
  readonly methods: JavaMethods;
  readonly text: () => string;
  /** What `==`, `<` and so on compare; objects without one are equal only to themselves. */
  readonly comparable?: number;
}

export type JavaMethods = ReadonlyMap<string, (...args: readonly ExpressionValue[]) => ExpressionValue>;

export function isJavaObject(value: ExpressionValue): value is JavaObject {
  return typeof value === 'object' && !Array.isArray(value);
}

/** The text Java's `toString` gives. */
export function textOf(value: ExpressionValue): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return textOfDouble(value);
  if (typeof value !== 'object') return String(value);
  if (isJavaObject(value)) return value.text();
  return `[${value.map(textOf).join(', ')}]`;
}

/** As `Double.toString`: always a fraction, and scientific notation below 0.001 and from 10 million on. */
function textOfDouble(value: number): string {
  if (Object.is(value, -0)) return '-0.0';
  if (!Number.isFinite(value) || value === 0) return value === 0 ? '0.0' : String(value);
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${Number(exponent)}`;
}

/** An argument that has to be a whole number (a text of digits will do). */
export function integerOf(value: ExpressionValue, what: string): number {
  const number = typeof value === 'string' && /^[+-]?\d+$/.test(value) ? Number(value) : value;
  const integer = typeof number === 'bigint' ? Number(number) : number;
  if (typeof integer === 'number' && Number.isSafeInteger(integer)) return integer;
  throw new ExpressionError(`${what} needs a whole number, not ${describeValue(value)}.`);
}

export function describeValue(value: ExpressionValue): string {
  if (value === undefined) return 'null';
  return typeof value === 'string' ? `the text "${value}"` : textOf(value);
}
