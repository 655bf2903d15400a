import { describe, expect, it } from '@jest/globals';
import type { Properties } from '@lockstep/domain';
import { parseOutputProperties } from './output-properties.js';

describe('output properties', () => {
  const cases: readonly [json: string, outputs: Properties][] = [
    ['', {}],
    [' \n', {}],
    ['{}', {}],
    ['{"a":"text \\" \\u20ac"}', { a: 'text " €' }],
    ['{"n":1.50, "e":1e3, "b":false}', { n: '1.50', e: '1e3', b: 'false' }],
    ['{"id": 12345678901234567890}', { id: '12345678901234567890' }],
    ['{"o": {"x": [1, 2, {"y": "a b, }"}]}, "z": [ ] }', { o: '{"x":[1,2,{"y":"a b, }"}]}', z: '[]' }],
    ['{"o":{"n":null}}', { o: '{"n":null}' }],
    ['{"a":1,"a":2}', { a: '2' }],
    [
      '{"\\u0061":1,"__proto__":"p"}',
      Object.fromEntries([
        ['a', '1'],
        ['__proto__', 'p'],
      ]),
    ],
  ];
  it.each(cases)('of %s are read as text', (json, outputs) => {
    const read = parseOutputProperties(json);
    expect(read.result === 'read' && { ...read.outputs }).toEqual(outputs);
  });

  it.each(['{', '[]', '"a"', '3', 'null', '{"a":1,"b":null}', '{"a":1} x'])('of %s are dropped', (json) => {
    expect(parseOutputProperties(json)).toEqual({
      result: 'dropped',
      reason: expect.stringMatching(/^The output properties are ignored: .*\.$/s) as unknown,
    });
  });
});
