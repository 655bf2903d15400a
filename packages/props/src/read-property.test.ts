import { describe, expect, it } from '@jest/globals';
import { PropertyError } from './property-error.js';
import {
  readBoolean,
  readDouble,
  readDuration,
  readInteger,
  readList,
  readLong,
  readMemorySize,
} from './read-property.js';

describe('typed reads of a property', () => {
  it.each([
    [readBoolean, 'TRUE', true],
    [readBoolean, ' true', false],
    [readBoolean, 'yes', false],
    [readInteger, '-12', -12],
    [readInteger, '+7', 7],
    [readInteger, '2147483647', 2147483647],
    [readLong, '1753779600000', 1753779600000],
    [readDouble, ' 1.5e3 ', 1500],
    [readDouble, '.5f', 0.5],
    [readDouble, '-Infinity', -Infinity],
    [readList, ' a ,b\t,\n c ', ['a', 'b', 'c']],
    [readList, '', []],
    [readList, 'a,,b,,', ['a', '', 'b']],
    [readMemorySize, '512m', 512 * 1024 ** 2],
    [readMemorySize, '2G', 2 * 1024 ** 3],
    [readMemorySize, '4K', 4096],
    [readMemorySize, '1000', 1000],
    [readDuration, '90s', 90_000],
    [readDuration, '5m', 300_000],
    [readDuration, '2H', 7_200_000],
    [readDuration, '1.5d', 129_600_000],
    [readDuration, '250ms', 250],
    [readDuration, '1000', 1000],
  ] as const)('%p reads %j as %j', (read, value, expected) => {
    expect(read({ key: value }, 'key')).toEqual(expected);
  });

  it.each([
    [readInteger, '2147483648'],
    [readInteger, ' 1'],
    [readInteger, ''],
    [readInteger, '1.0'],
    [readLong, '9007199254740993'],
    [readDouble, 'abc'],
    [readDouble, '1,5'],
    [readMemorySize, '1T'],
    [readMemorySize, '-1'],
    [readMemorySize, 'g'],
    [readDuration, '5 minutes'],
    [readDuration, ''],
  ])('%p refuses %j, naming key and value', (read, value) => {
    expect(() => read({ retries: value }, 'retries')).toThrow(PropertyError);
    expect(() => read({ retries: value }, 'retries')).toThrow(
      `Property "retries" has the value "${value}"; it must be `,
    );
  });

  it('gives the fallback for an absent key only, and undefined without one', () => {
    expect(readInteger({}, 'retries', 3)).toBe(3);
    expect(readInteger({}, 'retries')).toBeUndefined();
    expect(readList({}, 'constructor', ['x'])).toEqual(['x']);
    expect(() => readInteger({ retries: 'many' }, 'retries', 3)).toThrow(PropertyError);
  });
});

describe('readList', () => {
  it('takes long runs of blanks in no time', () => {
    expect(readList({ key: `a${' '.repeat(200_000)}b,c` }, 'key')).toHaveLength(2);
  }, 1_000);
});
