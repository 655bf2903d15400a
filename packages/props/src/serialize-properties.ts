import type { Properties } from '@lockstep/domain';

/**
 * Writes properties in Java's format, one line each, in the order of the record. The text is pure ASCII (everything
 * else becomes `\uXXXX`), so Java, which reads ISO-8859-1, and readers that expect UTF-8 see the same values.
 * `parseProperties` gives the same properties back.
 */
export function serializeProperties(properties: Properties): string {
  let text = '';
  for (const key of Object.keys(properties)) {
    text += `${escapeKey(key)}=${escapeValue(properties[key] ?? '')}\n`;
  }
  return text;
}

function escapeKey(key: string): string {
  return escapeCharacters(key).replace(/[ =:#!]/g, '\\$&');
}

/** Of a value only the blanks in front would be lost, because they count as part of the separator. */
function escapeValue(value: string): string {
  return escapeCharacters(value).replace(/^ +/, (blanks) => '\\ '.repeat(blanks.length));
}

const NAMED_ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\f': '\\f',
};

function escapeCharacters(text: string): string {
  // A backslash, or anything but printable ASCII, one UTF-16 unit at a time as Java does.
  return text.replace(/[^\x20-\x7e]|\\/g, (character) => NAMED_ESCAPES[character] ?? unicodeEscape(character));
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}
