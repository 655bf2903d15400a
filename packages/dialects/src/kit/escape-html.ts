import { encode } from 'html-entities';

/** Text for the inside of an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * Text for the inside of an element where clients compare the words: apostrophes and quotes stay as they are, which is
 * safe there and nowhere else.
 */
export function escapeMessage(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/**
 * Log data as Azkaban sends it: `&`, `<`, `>`, `"` and everything outside ASCII escaped, by its HTML 4 name or else in
 * decimal; the apostrophe, which HTML 4 has no name for, stays.
 */
export function escapeLogText(text: string): string {
  return encode(text, { mode: 'nonAscii', level: 'html4', numeric: 'decimal' }).replaceAll('&apos;', "'");
}
