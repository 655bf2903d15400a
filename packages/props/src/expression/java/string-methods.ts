import { ExpressionError, unknownMethod } from '../expression-error.js';
import { describeValue, integerOf, textOf, type ExpressionValue } from '../expression-value.js';

type StringMethod = (text: string, args: StringArguments) => ExpressionValue;

interface StringArguments {
  readonly count: number;
  readonly text: (index: number) => string;
  readonly integer: (index: number, fallback?: number) => number;
  readonly maxLength: number;
}

/** The methods of `java.lang.String` that make sense in a property. */
const METHODS: ReadonlyMap<string, StringMethod> = new Map<string, StringMethod>([
  ['charAt', (text, { integer }) => text[checkedIndex(text, integer(0), text.length - 1)]],
  ['compareTo', (text, args) => BigInt(Number(text > args.text(0)) - Number(text < args.text(0)))],
  ['concat', (text, args) => text + args.text(0)],
  ['contains', (text, args) => text.includes(args.text(0))],
  ['endsWith', (text, args) => text.endsWith(args.text(0))],
  ['equals', (text, args) => text === args.text(0)],
  ['equalsIgnoreCase', (text, args) => text.toLowerCase() === args.text(0).toLowerCase()],
  ['indexOf', (text, { text: argument, integer }) => BigInt(text.indexOf(argument(0), integer(1, 0)))],
  ['isEmpty', (text) => text === ''],
  ['lastIndexOf', (text, args) => BigInt(text.lastIndexOf(args.text(0)))],
  ['length', (text) => BigInt(text.length)],
  ['replace', replaceAllLiterally],
  ['split', splitLiterally],
  ['startsWith', (text, { text: argument, integer }) => text.startsWith(argument(0), integer(1, 0))],
  ['substring', substring],
  ['toLowerCase', (text) => text.toLowerCase()],
  ['toString', (text) => text],
  ['toUpperCase', (text) => text.toUpperCase()],
  ['trim', trim],
]);

/**
 * Calls a method of a text.
 *
 * @throws ExpressionError for an unknown method, or arguments it cannot use.
 */
export function callStringMethod(
  text: string,
  name: string,
  values: readonly ExpressionValue[],
  maxLength: number,
): ExpressionValue {
  const method = METHODS.get(name);
  if (method === undefined) throw new ExpressionError(unknownMethod('a text', name, METHODS.keys()));
  return method(text, {
    count: values.length,
    maxLength,
    text(index) {
      const value = values[index];
      if (value === undefined) throw new ExpressionError(`${name} needs a text, not ${describeValue(value)}.`);
      return textOf(value);
    },
    integer(index, fallback) {
      if (fallback !== undefined && index >= values.length) return fallback;
      return integerOf(values[index], name);
    },
  });
}

function substring(text: string, { count, integer }: StringArguments): string {
  const from = checkedIndex(text, integer(0), text.length);
  const to = count > 1 ? checkedIndex(text, integer(1), text.length) : text.length;
  if (to < from) throw new ExpressionError(`substring cannot go from ${from} back to ${to}.`);
  return text.slice(from, to);
}

/** Java trims every character up to the blank, and nothing above it. */
function trim(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && text.charAt(from) <= ' ') from++;
  while (to > from && text.charAt(to - 1) <= ' ') to--;
  return text.slice(from, to);
}

function checkedIndex(text: string, index: number, last: number): number {
  if (index >= 0 && index <= last) return index;
  throw new ExpressionError(`The text "${text}" has ${text.length} characters; there is no position ${index}.`);
}

/** Each replacement can multiply the length, so the result is measured before it is made. */
function replaceAllLiterally(text: string, args: StringArguments): string {
  const pieces = text.split(args.text(0));
  const length = text.length + (pieces.length - 1) * args.text(1).length;
  if (length > args.maxLength) throw new ExpressionError(`A text grows beyond ${args.maxLength} characters.`);
  return text.replaceAll(args.text(0), () => args.text(1));
}

/** Java takes a regular expression; here it has to be plain text, in which `\` takes a special character literally. */
function splitLiterally(text: string, args: StringArguments): readonly string[] {
  const written = args.text(0);
  const separator = written.replace(/\\([^a-zA-Z0-9])/g, '$1');
  const special = written.replace(/\\[^a-zA-Z0-9]/g, '');
  if (separator === '' || ((separator.length > 1 || special !== '') && /[\\^$.|?*+()[\]{}]/.test(special))) {
    throw new ExpressionError(`split needs a plain text to split at, not the pattern "${written}".`);
  }
  const items = text.split(separator);
  while (items.length > 1 && items.at(-1) === '') items.pop();
  return items;
}
