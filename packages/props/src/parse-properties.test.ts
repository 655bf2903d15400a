import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseProperties } from './parse-properties.js';
import { PropertyError } from './property-error.js';
import { serializeProperties } from './serialize-properties.js';

const parse = (text: string): Record<string, string> => parseProperties(new TextEncoder().encode(text));

describe('parseProperties', () => {
  it.each([
    ['key=value', { key: 'value' }],
    ['key:value', { key: 'value' }],
    ['key value', { key: 'value' }],
    ['key \t= \t value', { key: 'value' }],
    ['  key=value  ', { key: 'value  ' }],
    ['key==value', { key: '=value' }],
    ['key = : value', { key: ': value' }],
    ['key', { key: '' }],
    ['=value', { '': 'value' }],
    ['a=1\r\nb=2\rc=3', { a: '1', b: '2', c: '3' }],
    ['# comment\n  ! another\n\n \t\na=1', { a: '1' }],
    ['# not continued \\\na=1', { a: '1' }],
    ['a=1 # no comment', { a: '1 # no comment' }],
    ['a=one \\\n   two\\\r\n\tthree', { a: 'one twothree' }],
    ['a=one\\\n\nb=2', { a: 'one', b: '2' }],
    ['a=one\\\n#two', { a: 'one#two' }],
    ['a=even\\\\\nb=2', { a: 'even\\', b: '2' }],
    ['a=open\\', { a: 'open' }],
    ['\\\n\\\n', {}],
    ['path=C:\\temp\\new', { path: 'C:\temp\new' }],
    ['path=C:\\dir', { path: 'C:dir' }],
    ['a\\=b\\:c\\ d=\\=e', { 'a=b:c d': '=e' }],
    ['a=\\t\\n\\r\\f\\\\\\"\\u00e9', { a: '\t\n\r\f\\"é' }],
    ['a=1\nb=2\na=3', { a: '3', b: '2' }],
    ['Key=1\nkey=2', { Key: '1', key: '2' }],
    ['\ufeffa=1', { a: '1' }],
    ['name=Zoë — 日本', { name: 'Zoë — 日本' }],
  ])('reads %j', (text, expected) => {
    expect({ ...parse(text) }).toEqual(expected);
  });

  it('falls back to ISO-8859-1 when the bytes are not UTF-8', () => {
    expect({ ...parseProperties(Uint8Array.of(0x61, 0x3d, 0xe9, 0x80)) }).toEqual({ a: 'é\u0080' });
  });

  it('keeps keys that objects have of their own', () => {
    const properties = parse('__proto__=a\nconstructor=b\ntoString=c');
    expect(JSON.stringify(properties)).toBe('{"__proto__":"a","constructor":"b","toString":"c"}');
    expect(Object.entries({ ...properties })).toHaveLength(3);
  });

  it.each(['a=\\u12', 'a=\\uXYZ1', '\\u=1'])('refuses the malformed escape in %s and shows the line', (text) => {
    expect(() => parse(text)).toThrow(PropertyError);
    expect(() => parse(text)).toThrow(`in the line "${text}"`);
  });

  it('reads back what serializeProperties writes, whatever the keys and values', () => {
    const word = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.string({
        unit: fc.constantFrom(' ', '\\', '=', ':', '#', '!', '\n', '\r', '\t', '\f', 'u', 'é', '\ud800'),
        maxLength: 12,
      }),
      fc.constantFrom('__proto__', 'constructor'),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(word, word), { maxLength: 8 }), (entries) => {
        const properties = Object.fromEntries(entries);
        const text = serializeProperties(properties);
        expect(text).toMatch(/^[\n\x20-\x7e]*$/);
        expect(Object.entries(parse(text))).toEqual(Object.entries(properties));
      }),
      { numRuns: 1_000 },
    );
  });

  it('reads anything without more than a PropertyError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          parseProperties(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(PropertyError);
        }
      }),
    );
  });
});

describe('serializeProperties', () => {
  it('writes ASCII only, one line for each property', () => {
    expect(serializeProperties({ 'a b': ' x ', ü: '日\n', '#c': 'C:\\d#=' })).toBe(
      'a\\ b=\\ x \n\\u00FC=\\u65E5\\n\n\\#c=C:\\\\d#=\n',
    );
  });
});
