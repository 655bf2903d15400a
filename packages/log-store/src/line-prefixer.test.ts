import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createLinePrefixer } from './line-prefixer.js';

function prefixed(slices: readonly (string | Buffer)[], prefix = '> '): string {
  const prefixer = createLinePrefixer();
  const out = slices.map((slice) => prefixer.prefixLines(Buffer.from(slice as string), prefix));
  return Buffer.concat([...out, prefixer.endLine()]).toString('latin1');
}

describe('putting a prefix before every line', () => {
  const cases: readonly [title: string, slices: readonly string[], text: string][] = [
    ['nothing', [''], ''],
    ['lines', ['a\nb\n'], '> a\n> b\n'],
    ['empty lines', ['\n\na\n'], '> \n> \n> a\n'],
    ['a line in several slices', ['a', 'b', 'c\nd'], '> abc\n> d\n'],
    ['a line break at the start of a slice', ['a', '\n', 'b'], '> a\n> b\n'],
    ['CR LF', ['a\r\nb\r\n'], '> a\n> b\n'],
    ['CR LF over a slice border', ['a\r', '\nb\r', '', '\n'], '> a\n> b\n'],
    ['a lone CR, as progress bars print it', ['1%\r2%\r', '3%\n'], '> 1%\n> 2%\n> 3%\n'],
  ];
  it.each(cases)('does so for %s', (_title, slices, text) => {
    expect(prefixed(slices)).toBe(text);
  });

  it('shows a line before it is complete', () => {
    expect(createLinePrefixer().prefixLines(Buffer.from('Password: '), '> ').toString()).toBe('> Password: ');
  });

  it('takes a prefix with dollar signs as it is', () => {
    expect(prefixed(['a\nb'], '$& $1 ')).toBe('$& $1 a\n$& $1 b\n');
  });

  it('puts a whole line on a line of its own', () => {
    const prefixer = createLinePrefixer();
    const out = [
      prefixer.prefixLines(Buffer.from('half'), '> '),
      prefixer.wholeLine('engine\nspeaks €', '! '),
      prefixer.prefixLines(Buffer.from('rest\n'), '> '),
    ];
    expect(Buffer.concat(out).toString()).toBe('> half\n! engine\n! speaks €\n> rest\n');
  });

  it('keeps every byte, however the stream is cut', () => {
    const bytes = fc
      .uint8Array({ maxLength: 200 })
      .map((array) => Buffer.from(array.map((byte) => (byte === 13 ? 0 : byte))));
    fc.assert(
      fc.property(bytes, fc.array(fc.nat(200), { maxLength: 5 }), (whole, cuts) => {
        const borders = [0, ...cuts.map((cut) => Math.min(cut, whole.length)).sort((a, b) => a - b), whole.length];
        const slices = borders.slice(1).map((end, index) => whole.subarray(borders[index], end));
        expect(prefixed(slices)).toBe(prefixed([whole]));
        const ended = whole.length === 0 || whole.at(-1) === 10 ? '' : '\n';
        const lines = whole.toString('latin1') + ended;
        expect(prefixed(slices)).toBe(lines.replace(/[^\n]*\n/g, (line) => `> ${line}`));
      }),
    );
  });
});
