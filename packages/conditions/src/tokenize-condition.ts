import type { JobStatusMacro } from '@lockstep/domain';
import { parseReference, type ConditionReference, type FlowParameters } from './condition-reference.js';
import { javaScriptString } from './javascript-string.js';
import { macroOfWord } from './macros.js';

export type ConditionToken =
  | { readonly kind: 'literal'; readonly value: string | number | boolean }
  | { readonly kind: 'macro'; readonly macro: JobStatusMacro; readonly word: string }
  | { readonly kind: 'reference'; readonly reference: ConditionReference }
  | { readonly kind: 'symbol'; readonly text: string };

/** Blanks; a reference; a quoted string; digits; a word; an operator, longest first. */
const TOKEN =
  /\s*(?:(?<reference>\$\{[^{}]*\})|'(?<single>(?:[^'\\]|\\[^])*)'|"(?<double>(?:[^"\\]|\\[^])*)"|(?<digits>\d+)(?![\w$.])|(?<word>[A-Za-z_$][\w$]*)|(?<symbol>&&|\|\||==(?!=)|!=(?!=)|<=|>=|[<>!()]))/y;

/** Cuts a condition into tokens; undefined where there is something that cannot be in one. */
export function tokenizeCondition(text: string, flowParameters: FlowParameters): readonly ConditionToken[] | undefined {
  const tokens: ConditionToken[] = [];
  const pattern = new RegExp(TOKEN);
  const trimmed = text.trimEnd();
  while (pattern.lastIndex < trimmed.length) {
    const groups = pattern.exec(trimmed)?.groups;
    const token = groups && tokenOf(groups, flowParameters);
    if (token === undefined) return undefined;
    tokens.push(token);
  }
  return tokens;
}

function tokenOf(
  groups: Readonly<Record<string, string | undefined>>,
  flowParameters: FlowParameters,
): ConditionToken | undefined {
  if (groups.symbol !== undefined) return { kind: 'symbol', text: groups.symbol };
  if (groups.digits !== undefined) return { kind: 'literal', value: numberOf(groups.digits) };
  if (groups.word !== undefined) return wordToken(groups.word);
  if (groups.reference !== undefined) {
    // The check at upload removes blanks before it looks at names, so they do not count here either.
    const reference = parseReference(groups.reference.replace(/\s+/g, ''), flowParameters);
    return reference && { kind: 'reference', reference };
  }
  return stringToken(groups.single, groups.double);
}

/** Sloppy JavaScript: a leading zero makes a number octal, unless it has an 8 or a 9. */
function numberOf(digits: string): number {
  return /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
}

function wordToken(word: string): ConditionToken | undefined {
  const macro = macroOfWord(word);
  if (macro !== undefined) return { kind: 'macro', macro, word };
  return word === 'true' || word === 'false' ? { kind: 'literal', value: word === 'true' } : undefined;
}

/**
 * A reference inside single quotes would be replaced by a value in single quotes and so break the string; Azkaban
 * evaluates such a condition to false. Inside double quotes it is taken as plain text.
 */
function stringToken(single: string | undefined, double: string | undefined): ConditionToken | undefined {
  if (single !== undefined && /\$\{[^:{}]+:[^:{}]+\}/.test(single)) return undefined;
  const value = single === undefined ? javaScriptString(double ?? '', '"') : javaScriptString(single, "'");
  return value === undefined ? undefined : { kind: 'literal', value };
}
