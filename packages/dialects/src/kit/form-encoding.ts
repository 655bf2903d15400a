/**
 * Reads `a=1&b=2` as sloppily as clients write it: raw blanks, quotes and brackets, `+` or `%20` for a blank, names
 * without `=`, broken percent signs (kept as they are). The first value of a name wins. A Map, so that names such as
 * `__proto__` are only names.
 */
export function parseFormEncoding(text: string): Map<string, string> {
  const values = new Map<string, string>();
  let start = 0;
  while (start < text.length) {
    const ampersand = text.indexOf('&', start);
    const end = ampersand === -1 ? text.length : ampersand;
    if (end > start) addPair(values, text.slice(start, end));
    start = end + 1;
  }
  return values;
}

function addPair(values: Map<string, string>, pair: string): void {
  const equals = pair.indexOf('=');
  const name = decode(equals === -1 ? pair : pair.slice(0, equals));
  if (values.has(name)) return;
  values.set(name, equals === -1 ? '' : decode(pair.slice(equals + 1)));
}

function decode(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return decodeLeniently(spaced);
  }
}

/** Decodes what can be decoded, byte by byte; a percent sign without two hexadecimal digits stays. */
function decodeLeniently(text: string): string {
  const bytes: Buffer[] = [];
  // A percent sign with two hexadecimal digits, or a run of anything else.
  for (const [piece] of text.matchAll(/%[0-9a-fA-F]{2}|[^%]+|%/g)) {
    bytes.push(piece.length === 3 && piece.startsWith('%') ? Buffer.from(piece.slice(1), 'hex') : Buffer.from(piece));
  }
  return Buffer.concat(bytes).toString('utf8');
}
