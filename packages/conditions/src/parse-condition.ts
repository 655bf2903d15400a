import type { Condition, ConditionExpression, JobStatusMacro } from '@lockstep/domain';
import type { FlowParameters } from './condition-reference.js';
import { tokenizeCondition, type ConditionToken } from './tokenize-condition.js';

/** Longer or deeper conditions count as unreadable: every later walk through the tree stays off the stack's limits. */
const MAX_TOKENS = 2_000;
const MAX_DEPTH = 500;

/**
 * Parses a condition with JavaScript's precedence: `!`, then `<` and its kin, then `==` and `!=`, then `&&`, then `||`,
 * and brackets. The macro (any letter case) is taken out as `macro` and stands as `true` in the expression; without one
 * it is `all_success`. A condition that is a macro alone has no expression.
 *
 * Never throws. What passes the check at upload and still is no expression (brackets that do not match, `1 2`, an
 * operator without its right side) becomes the expression `false`: in Azkaban it fails to evaluate, which counts as false.
 */
export function parseCondition(text: string, options: { readonly flowParameters?: FlowParameters } = {}): Condition {
  const tokens = tokenizeCondition(text, options.flowParameters ?? 'allowed');
  if (tokens === undefined || tokens.length > MAX_TOKENS) return { macro: 'all_success', expression: NEVER, text };
  const first = tokens.find((token) => token.kind === 'macro');
  const macro: JobStatusMacro = first?.macro ?? 'all_success';
  const expression = parseAll(tokens, first?.word);
  if (expression.kind === 'literal' && expression.value === true) return { macro, text };
  return { macro, expression, text };
}

const NEVER: ConditionExpression = { kind: 'literal', value: false };

interface TokenReader {
  readonly tokens: readonly ConditionToken[];
  /** The macro's text; the same text again is the same macro, another macro makes the condition unreadable. */
  readonly macroWord: string | undefined;
  position: number;
  depth: number;
}

function parseAll(tokens: readonly ConditionToken[], macroWord: string | undefined): ConditionExpression {
  const reader: TokenReader = { tokens, macroWord, position: 0, depth: 0 };
  const expression = parseBinary(reader, 0);
  return expression !== undefined && reader.position === tokens.length ? expression : NEVER;
}

type BinaryOperator = Extract<ConditionExpression, { readonly kind: 'binary' }>['operator'];

/** Loosest binding first. */
const LEVELS: readonly (readonly BinaryOperator[])[] = [['||'], ['&&'], ['==', '!='], ['<', '<=', '>', '>=']];

function parseBinary(reader: TokenReader, level: number): ConditionExpression | undefined {
  const operators = LEVELS[level];
  if (operators === undefined) return parseUnary(reader);
  let left = parseBinary(reader, level + 1);
  while (left !== undefined) {
    const token = reader.tokens[reader.position];
    const operator = token?.kind === 'symbol' ? operators.find((candidate) => candidate === token.text) : undefined;
    if (operator === undefined) return left;
    reader.position++;
    const right = parseBinary(reader, level + 1);
    left = right && { kind: 'binary', operator, left, right };
  }
  return undefined;
}

function parseUnary(reader: TokenReader): ConditionExpression | undefined {
  const token = reader.tokens[reader.position++];
  if (token?.kind === 'literal') return token;
  if (token?.kind === 'reference') return token.reference;
  if (token?.kind === 'macro') return token.word === reader.macroWord ? { kind: 'literal', value: true } : undefined;
  if (token === undefined || reader.depth === MAX_DEPTH) return undefined;
  reader.depth++;
  const inner = token.text === '!' ? negation(reader) : token.text === '(' ? bracketed(reader) : undefined;
  reader.depth--;
  return inner;
}

function negation(reader: TokenReader): ConditionExpression | undefined {
  const operand = parseUnary(reader);
  return operand && { kind: 'not', operand };
}

function bracketed(reader: TokenReader): ConditionExpression | undefined {
  const inner = parseBinary(reader, 0);
  const close = reader.tokens[reader.position++];
  return close?.kind === 'symbol' && close.text === ')' ? inner : undefined;
}
