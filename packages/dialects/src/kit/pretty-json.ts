/** What can be written as JSON. Keys with the value undefined are left out. A Map keeps the order of any keys. */
export type JsonValue =
  string | number | boolean | null | undefined | readonly JsonValue[] | ReadonlyMap<string, JsonValue> | JsonObject;

export interface JsonObject {
  readonly [key: string]: JsonValue;
}

const INDENT = '  ';

/**
 * JSON in Azkaban's layout, byte for byte: two blanks per level, a blank on both sides of the colon, arrays on one line
 * (`[ 1, 2 ]`, `[ { … }, { … } ]`, `[ ]`), an empty object on two lines, control characters with capital digits.
 */
export function prettyJson(value: JsonValue): string {
  return write(value, '\n');
}

function write(value: JsonValue, newline: string): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return quote(value);
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return writeArray(value as readonly JsonValue[], newline);
  return writeObject(value instanceof Map ? value : Object.entries(value as JsonObject), newline);
}

function writeArray(items: readonly JsonValue[], newline: string): string {
  if (items.length === 0) return '[ ]';
  return `[ ${items.map((item) => write(item, newline)).join(', ')} ]`;
}

function writeObject(entries: Iterable<[string, JsonValue]>, newline: string): string {
  const inner = newline + INDENT;
  const lines: string[] = [];
  for (const [key, value] of entries) {
    if (value !== undefined) lines.push(`${inner}${quote(key)} : ${write(value, inner)}`);
  }
  return `{${lines.join(',')}${newline}}`;
}

function quote(text: string): string {
  const quoted = JSON.stringify(text);
  if (!quoted.includes('\\u')) return quoted;
  // An escaped backslash (to step over it), or an escaped character.
  return quoted.replace(/\\\\|\\u[0-9a-f]{4}/g, (escape) =>
    escape === '\\\\' ? escape : `\\u${escape.slice(2).toUpperCase()}`,
  );
}
