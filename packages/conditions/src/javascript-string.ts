/**
 * What JavaScript makes of this text between a pair of `quote`s: backslash escapes are replaced. Undefined when it
 * would not be one string: a quote or a line break inside, a backslash at the end, a malformed escape.
 *
 * Azkaban puts values into the text of a condition without escaping them; this is how they come out there.
 */
export function javaScriptString(text: string, quote: "'" | '"'): string | undefined {
  let result = '';
  let rest = 0;
  // One character that is not a backslash, or an escape: line continuation, code point, \u, \x, octal, or one character.
  const unit =
    /([^\\])|\\(?:(\r\n|[\n\r\u2028\u2029])|u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([0-3][0-7]{0,2}|[4-7][0-7]?)|([^ux\d]|[89]))/y;
  while (rest < text.length) {
    unit.lastIndex = rest;
    const match = unit.exec(text);
    if (match === null) return undefined;
    rest = unit.lastIndex;
    const [, plain, continuation, codePoint, unicode, hex, octal, escaped] = match;
    if (plain === quote || plain === '\n' || plain === '\r') return undefined;
    if (plain !== undefined) result += plain;
    else if (continuation !== undefined) continue;
    else if (octal !== undefined) result += String.fromCharCode(Number.parseInt(octal, 8));
    else if (escaped !== undefined) result += CONTROL_ESCAPES.get(escaped) ?? escaped;
    else {
      const code = Number.parseInt(codePoint ?? unicode ?? hex ?? '', 16);
      if (code > LARGEST_CODE_POINT) return undefined;
      result += codePoint === undefined ? String.fromCharCode(code) : String.fromCodePoint(code);
    }
  }
  return result;
}

const LARGEST_CODE_POINT = 0x10ffff;

const CONTROL_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
]);
