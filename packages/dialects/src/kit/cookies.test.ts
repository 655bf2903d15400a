import { describe, expect, it } from '@jest/globals';
import { cookieLine, parseCookies } from './cookies.js';

describe('cookies', () => {
  it.each([
    ['plain', 'abc-123', 'n=abc-123;Path=/'],
    ['empty', '', 'n=;Path=/'],
    ['with blanks', "Project 'P' was deleted.", 'n="Project \'P\' was deleted.";Path=/'],
    ['with quotes', 'a "b" \\c', 'n="a \\"b\\" \\\\c";Path=/'],
    ['with what a header cannot carry', 'a\r\nSet-Cookie: x; y', 'n="a??Set-Cookie: x? y";Path=/'],
  ])('writes a value %s', (_title, value, line) => {
    expect(cookieLine('n', value)).toBe(line);
  });

  it('reads back what it writes, beside other cookies', () => {
    const line = cookieLine('azkaban.success.message', `it's "done" \\o/`).replace(';Path=/', '');
    const cookies = parseCookies(`JSESSIONID=node0; ${line}; empty=; last=1`);
    expect([...cookies]).toEqual([
      ['JSESSIONID', 'node0'],
      ['azkaban.success.message', `it's "done" \\o/`],
      ['empty', ''],
      ['last', '1'],
    ]);
  });
});
