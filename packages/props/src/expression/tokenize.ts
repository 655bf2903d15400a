import { ExpressionError } from './expression-error.js';

export type Token =
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'symbol'; readonly text: string };

/** Blanks; a number with an optional type suffix; a quoted string; a word; an operator, longest first. */
const TOKEN =
  /\s*(?:(?<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?[lLhHdDfFbB]?(?![\w$]))|'(?<single>(?:[^'\\]|\\[^])*)'|"(?<double>(?:[^"\\]|\\[^])*)"|(?<word>[A-Za-z_$@][\w$@]*)|(?<symbol>&&|\|\||==|!=|<=|>=|\?:|[-+*/%<>!?:().,[\]]))/y;

/** Cuts an expression into tokens. */
export function tokenize(expression: string): readonly Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  const end = expression.trimEnd().length;
  while (pattern.lastIndex < end) {
    const at = pattern.lastIndex;
    const match = pattern.exec(expression);
    if (!match?.groups) throw new ExpressionError(`Cannot read "${expression.slice(at, at + 40).trim()}".`);
    tokens.push(tokenOf(match.groups));
  }
  return tokens;
}

function tokenOf(groups: Readonly<Record<string, string | undefined>>): Token {
  if (groups.number !== undefined) return { kind: 'number', text: groups.number };
  if (groups.word !== undefined) return { kind: 'word', text: groups.word };
  if (groups.symbol !== undefined) return { kind: 'symbol', text: groups.symbol };
  return { kind: 'string', value: unescapeString(groups.single ?? groups.double ?? '') };
}

/** As in JEXL: `\\`, `\'`, `\"` and `\uXXXX`; any other backslash stays. */
function unescapeString(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|([\\'"]))/g, (_whole, hex: string | undefined, character: string) =>
    hex === undefined ? character : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
