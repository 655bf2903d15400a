import { describe, expect, it } from '@jest/globals';
import { type JsonValue, prettyJson } from './pretty-json.js';

describe('prettyJson', () => {
  it.each<[string, JsonValue, string]>([
    ['an empty object on two lines', {}, '{\n}'],
    ['an empty array with a blank', { flows: [] }, '{\n  "flows" : [ ]\n}'],
    ['arrays of numbers on one line', { execIds: [301, 302] }, '{\n  "execIds" : [ 301, 302 ]\n}'],
    [
      'arrays of objects with shared lines',
      { flows: [{ flowId: 'test' }, { flowId: 'test2' }], project: 'p', projectId: 192 },
      '{\n  "flows" : [ {\n    "flowId" : "test"\n  }, {\n    "flowId" : "test2"\n  } ],\n  "project" : "p",\n  "projectId" : 192\n}',
    ],
    ['an empty object inside', { a: { b: {} } }, '{\n  "a" : {\n    "b" : {\n    }\n  }\n}'],
    ['null and booleans', { type: null, ok: true }, '{\n  "type" : null,\n  "ok" : true\n}'],
    ['without keys that are undefined', { error: undefined, a: 1 }, '{\n  "a" : 1\n}'],
    ['arrays of arrays', { logData: [['u', 1, null]] }, '{\n  "logData" : [ [ "u", 1, null ] ]\n}'],
    ['text as it is', { t: 'a"b\\c\u00e9\u2028/' }, '{\n  "t" : "a\\"b\\\\c\u00e9\u2028/"\n}'],
    ['control characters in capitals', { t: '\u001b\\u001b' }, '{\n  "t" : "\\u001B\\\\u001b"\n}'],
  ])('writes %s', (_title, value, expected) => {
    expect(prettyJson(value)).toBe(expected);
  });

  it('keeps the order of a map whose keys look like numbers or prototypes', () => {
    const map = new Map<string, JsonValue>([
      ['7', 1],
      ['__proto__', 2],
      ['1', 3],
    ]);
    expect(prettyJson({ m: map })).toBe('{\n  "m" : {\n    "7" : 1,\n    "__proto__" : 2,\n    "1" : 3\n  }\n}');
  });
});
