/**
 * Splits the text of a `command` into words, by Azkaban's rules and not a shell's: words are separated by blanks (0x20)
 * only; `'` and `"` switch quoting on and off wherever they stand and disappear, the other kind being literal inside;
 * there are no escapes; empty words vanish, quoted ones too; an open quote at the end is accepted.
 */
export function splitCommand(text: string): string[] {
  const words: string[] = [];
  let word = '';
  let quote: string | undefined;
  for (const character of text) {
    if (quote === undefined && (character === "'" || character === '"')) {
      quote = character;
    } else if (character === quote) {
      quote = undefined;
    } else if (quote === undefined && character === ' ') {
      if (word !== '') words.push(word);
      word = '';
    } else {
      word += character;
    }
  }
  if (word !== '') words.push(word);
  return words;
}
