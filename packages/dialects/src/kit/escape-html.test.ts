import { describe, expect, it } from '@jest/globals';
import { escapeLogText } from './escape-html.js';

describe('escapeLogText', () => {
  it.each([
    ['markup', '<a href="x">&</a>', '&lt;a href=&quot;x&quot;&gt;&amp;&lt;/a&gt;'],
    ['the apostrophe not', "it's &apos;", "it's &amp;apos;"],
    ['characters HTML 4 has a name for by that name', 'é€Ωℵ\u00a0', '&eacute;&euro;&Omega;&alefsym;&nbsp;'],
    ['others outside ASCII in decimal', 'Ő中😀', '&#336;&#20013;&#128512;'],
    ['control characters not', 'a\tb\n\u001b[0m', 'a\tb\n\u001b[0m'],
  ])('escapes %s', (_title, text, expected) => {
    expect(escapeLogText(text)).toBe(expected);
  });
});
