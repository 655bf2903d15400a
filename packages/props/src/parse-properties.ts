import { PropertyError } from './property-error.js';
import { emptyProperties } from './property-record.js';

/**
 * Reads a Java properties file (as `java.util.Properties.load` does): `key=value`, `key:value` or `key value`, `#` and
 * `!` comments, `\` at a line's end to continue it, the escapes `\t \n \r \f \uXXXX`, any other `\c` standing for `c`.
 * The last of several equal keys wins.
 *
 * The bytes are read as UTF-8, and as ISO-8859-1 when they are not valid UTF-8. (Java always reads ISO-8859-1, which
 * turns today's files into mojibake.)
 *
 * @throws PropertyError when a `\u` is not followed by four hexadecimal digits.
 */
export function parseProperties(bytes: Uint8Array): Record<string, string> {
  const properties = emptyProperties();
  for (const line of logicalLines(decode(bytes))) {
    const { key, value } = splitKeyAndValue(line);
    properties[unescapeText(key, line)] = unescapeText(value, line);
  }
  return properties;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Not `TextDecoder('latin1')`: the web's "latin1" is windows-1252, which differs between 0x80 and 0x9f.
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  }
}

/** Lines without comments and blank lines, continued lines joined. */
function* logicalLines(text: string): Generator<string> {
  let pieces: string[] = [];
  for (const natural of text.split(/\r\n|\r|\n/)) {
    const line = natural.replace(/^[ \t\f]+/, '');
    if (pieces.length === 0 && (line === '' || line.startsWith('#') || line.startsWith('!'))) continue;
    const continued = endsWithOpenBackslash(line);
    const piece = continued ? line.slice(0, -1) : line;
    if (piece !== '') pieces.push(piece);
    if (continued) continue;
    yield pieces.join('');
    pieces = [];
  }
  if (pieces.length > 0) yield pieces.join('');
}

/** An odd number of backslashes at the end: the last one escapes the line break. */
function endsWithOpenBackslash(line: string): boolean {
  let count = 0;
  while (line[line.length - 1 - count] === '\\') count++;
  return count % 2 === 1;
}

function splitKeyAndValue(line: string): { readonly key: string; readonly value: string } {
  let end = 0;
  while (end < line.length && !isKeyEnd(line[end])) end += line[end] === '\\' ? 2 : 1;
  // Blanks, at most one `=` or `:`, blanks: all that may stand between a key and its value.
  const value = line.slice(end).replace(/^[ \t\f]*[=:]?[ \t\f]*/, '');
  return { key: line.slice(0, end), value };
}

function isKeyEnd(character: string | undefined): boolean {
  return character !== undefined && '=: \t\f'.includes(character);
}

const CONTROL_ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

function unescapeText(text: string, line: string): string {
  if (!text.includes('\\')) return text;
  // A backslash and what it escapes: four digits after a `u`, else one character; `\u` alone is malformed.
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|([^]?))/g, (_whole, hex: string | undefined, character: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (character === 'u') {
      throw new PropertyError(
        `Malformed \\uxxxx encoding in the line "${line}": write four hexadecimal digits after \\u, or \\\\u for a backslash and a u.`,
      );
    }
    return CONTROL_ESCAPES[character] ?? character;
  });
}
