import { ExpressionError } from './expression-error.js';
import type { BinaryOperator, ExpressionNode } from './expression-node.js';
import { tokenize, type Token } from './tokenize.js';

/** Brackets and operators deeper than this are an error, before they get near the limits of the call stack. */
const MAX_DEPTH = 100;

/**
 * Parses an expression; undefined for an empty one.
 *
 * @throws ExpressionError naming what was not expected.
 */
export function parseExpression(expression: string): ExpressionNode | undefined {
  const tokens = tokenize(expression);
  if (tokens.length === 0) return undefined;
  const reader: TokenReader = { tokens, position: 0, depth: 0 };
  const node = parseTernary(reader);
  const left = tokens[reader.position];
  if (left !== undefined) throw new ExpressionError(`Unexpected ${describe(left)}.`);
  return node;
}

interface TokenReader {
  readonly tokens: readonly Token[];
  position: number;
  depth: number;
}

function parseTernary(reader: TokenReader): ExpressionNode {
  return deeper(reader, () => {
    const condition = parseBinary(reader, 0);
    if (takeSymbol(reader, '?:')) return { kind: 'elvis', value: condition, otherwise: parseTernary(reader) };
    if (!takeSymbol(reader, '?')) return condition;
    const then = parseTernary(reader);
    expectSymbol(reader, ':');
    return { kind: 'ternary', condition, then, otherwise: parseTernary(reader) };
  });
}

/** What is written, and the operator it means; loosest binding first. */
const BINARY_LEVELS: readonly ReadonlyMap<string, BinaryOperator>[] = [
  new Map([
    ['||', '||'],
    ['or', '||'],
  ]),
  new Map([
    ['&&', '&&'],
    ['and', '&&'],
  ]),
  new Map([
    ['==', '=='],
    ['eq', '=='],
    ['!=', '!='],
    ['ne', '!='],
  ]),
  new Map([
    ['<', '<'],
    ['lt', '<'],
    ['>', '>'],
    ['gt', '>'],
    ['<=', '<='],
    ['le', '<='],
    ['>=', '>='],
    ['ge', '>='],
  ]),
  new Map([
    ['+', '+'],
    ['-', '-'],
  ]),
  new Map([
    ['*', '*'],
    ['/', '/'],
    ['div', '/'],
    ['%', '%'],
    ['mod', '%'],
  ]),
];

function parseBinary(reader: TokenReader, level: number): ExpressionNode {
  const operators = BINARY_LEVELS[level];
  if (operators === undefined) return parseUnary(reader);
  let left = parseBinary(reader, level + 1);
  for (let steps = 0; ; steps++) {
    const operator = operatorAt(reader, operators);
    if (operator === undefined) return left;
    if (steps === MAX_DEPTH * 10) throw new ExpressionError('The expression is too long.');
    reader.position++;
    left = { kind: 'binary', operator, left, right: parseBinary(reader, level + 1) };
  }
}

function operatorAt(reader: TokenReader, operators: ReadonlyMap<string, BinaryOperator>): BinaryOperator | undefined {
  const token = reader.tokens[reader.position];
  return token?.kind === 'symbol' || token?.kind === 'word' ? operators.get(token.text) : undefined;
}

function parseUnary(reader: TokenReader): ExpressionNode {
  return deeper(reader, () => {
    if (takeSymbol(reader, '-')) return { kind: 'negative', operand: parseUnary(reader) };
    if (takeSymbol(reader, '!') || takeWord(reader, 'not')) return { kind: 'not', operand: parseUnary(reader) };
    return parsePostfix(reader);
  });
}

function parsePostfix(reader: TokenReader): ExpressionNode {
  let object = parsePrimary(reader);
  for (let steps = 0; steps < MAX_DEPTH; steps++) {
    if (takeSymbol(reader, '.')) {
      const name = expectWord(reader);
      object = takeSymbol(reader, '(')
        ? { kind: 'call', object, method: name, args: parseArguments(reader) }
        : { kind: 'property', object, name };
    } else if (takeSymbol(reader, '[')) {
      const index = parseTernary(reader);
      expectSymbol(reader, ']');
      object = { kind: 'index', object, index };
    } else {
      return object;
    }
  }
  throw new ExpressionError(`More than ${MAX_DEPTH} calls in a row.`);
}

function parsePrimary(reader: TokenReader): ExpressionNode {
  const token = reader.tokens[reader.position++];
  switch (token?.kind) {
    case 'number':
      return { kind: 'literal', value: numberOf(token.text) };
    case 'string':
      return { kind: 'literal', value: token.value };
    case 'word':
      return parseWord(token.text, reader);
    case 'symbol':
      if (token.text !== '(') break;
      {
        const node = parseTernary(reader);
        expectSymbol(reader, ')');
        return node;
      }
    case undefined:
      break;
  }
  throw new ExpressionError(token === undefined ? 'It ends too early.' : `Unexpected ${describe(token)}.`);
}

const WORD_LITERALS: ReadonlyMap<string, boolean | undefined> = new Map([
  ['true', true],
  ['false', false],
  ['null', undefined],
]);

/** Words that are operators and so cannot be names. */
const RESERVED = new Set(BINARY_LEVELS.flatMap((level) => [...level.keys()]));

function parseWord(word: string, reader: TokenReader): ExpressionNode {
  if (WORD_LITERALS.has(word)) return { kind: 'literal', value: WORD_LITERALS.get(word) };
  if (RESERVED.has(word)) throw new ExpressionError(`Unexpected "${word}".`);
  if (takeSymbol(reader, '(')) return { kind: 'function', name: word, args: parseArguments(reader) };
  return { kind: 'variable', name: word };
}

function parseArguments(reader: TokenReader): readonly ExpressionNode[] {
  const args: ExpressionNode[] = [];
  if (takeSymbol(reader, ')')) return args;
  do args.push(parseTernary(reader));
  while (takeSymbol(reader, ','));
  expectSymbol(reader, ')');
  return args;
}

/** Whole numbers have any size; a leading zero means nothing (`08` is eight, as people expect of months and days). */
function numberOf(text: string): bigint | number {
  if (text.length > 1000) throw new ExpressionError('A number has more than 1000 digits.');
  const digits = text.replace(/[a-zA-Z]$/, '');
  return /^\d+$/.test(digits) && !/[dDfFbB]$/.test(text) ? BigInt(digits) : Number(digits);
}

function deeper(reader: TokenReader, parse: () => ExpressionNode): ExpressionNode {
  reader.depth++;
  if (reader.depth > MAX_DEPTH) throw new ExpressionError(`It is nested more than ${MAX_DEPTH} levels deep.`);
  const node = parse();
  reader.depth--;
  return node;
}

function takeSymbol(reader: TokenReader, text: string): boolean {
  const token = reader.tokens[reader.position];
  if (token?.kind !== 'symbol' || token.text !== text) return false;
  reader.position++;
  return true;
}

function takeWord(reader: TokenReader, text: string): boolean {
  const token = reader.tokens[reader.position];
  if (token?.kind !== 'word' || token.text !== text) return false;
  reader.position++;
  return true;
}

function expectSymbol(reader: TokenReader, text: string): void {
  if (takeSymbol(reader, text)) return;
  const token = reader.tokens[reader.position];
  throw new ExpressionError(`Expected "${text}" ${token === undefined ? 'at the end' : `before ${describe(token)}`}.`);
}

function expectWord(reader: TokenReader): string {
  const token = reader.tokens[reader.position++];
  if (token?.kind !== 'word') throw new ExpressionError('Expected a name after ".".');
  return token.text;
}

function describe(token: Token): string {
  return token.kind === 'string' ? `the string "${token.value}"` : `"${token.text}"`;
}
