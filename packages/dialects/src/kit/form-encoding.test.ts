import { describe, expect, it } from '@jest/globals';
import { parseFormEncoding } from './form-encoding.js';

describe('parseFormEncoding', () => {
  it.each<[string, string, [string, string][]]>([
    [
      'plain pairs',
      'a=1&b=2',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    ['the first of equal names', 'a=1&a=2', [['a', '1']]],
    [
      'names without a value',
      'all&session.id=x',
      [
        ['all', ''],
        ['session.id', 'x'],
      ],
    ],
    ['raw blanks, quotes and brackets', 'disabled=["a", "b"]', [['disabled', '["a", "b"]']]],
    ['plus and %20 for a blank', 'a=x+y%20z', [['a', 'x y z']]],
    ['escaped names', 'flowOverride%5Ba.b%5D=1', [['flowOverride[a.b]', '1']]],
    ['equals signs in a value', 'cron=a=b', [['cron', 'a=b']]],
    [
      'broken percent signs',
      'a=100%&b=%zz%C3%A9',
      [
        ['a', '100%'],
        ['b', '%zzé'],
      ],
    ],
    ['bytes that are no UTF-8', 'a=%ff', [['a', '\ufffd']]],
    ['nothing between separators', '&&a=1&', [['a', '1']]],
    [
      'dangerous names as names',
      '__proto__=x&constructor=y',
      [
        ['__proto__', 'x'],
        ['constructor', 'y'],
      ],
    ],
  ])('reads %s', (_title, text, expected) => {
    expect([...parseFormEncoding(text)]).toEqual(expected);
  });
});
