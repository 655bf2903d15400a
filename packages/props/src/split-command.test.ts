import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { splitCommand } from './split-command.js';

describe('splitCommand', () => {
  it.each([
    ['a  b', ['a', 'b']],
    [' a b ', ['a', 'b']],
    [`echo "it's"`, ['echo', "it's"]],
    [`echo 'say "hi"'`, ['echo', 'say "hi"']],
    ['--x="a b"', ['--x=a b']],
    [`a"b c"'d e'f`, ['ab cd ef']],
    ['a\\ b', ['a\\', 'b']],
    ['a\tb\nc', ['a\tb\nc']],
    ['a "" b', ['a', 'b']],
    [`a""b ''`, ['ab']],
    ["'a b", ['a b']],
    ['bash -c "a | b && c > d"', ['bash', '-c', 'a | b && c > d']],
    ['echo "  x  "', ['echo', '  x  ']],
    ['', []],
    ['   ', []],
    ['echo 😀', ['echo', '😀']],
  ])('splits %j', (text, words) => {
    expect(splitCommand(text)).toEqual(words);
  });

  it('gives back any words written between the quotes they do not contain', () => {
    const word = fc.string({ minLength: 1 }).filter((text) => !(text.includes('"') && text.includes("'")));
    fc.assert(
      fc.property(fc.array(word), (words) => {
        const quoted = words.map((text) => (text.includes('"') ? `'${text}'` : `"${text}"`));
        expect(splitCommand(quoted.join(' '))).toEqual(words);
      }),
    );
  });
});
