import { describe, expect, it } from '@jest/globals';
import { explainProperties } from '../explain-properties.js';
import type { PropertyLayer } from '../property-layer.js';
import { maskExplained } from './mask-explained.js';

const LOWER = { kind: 'file', path: 'a.properties' } as const;
const UPPER = { kind: 'flow-parameter' } as const;

const shown = (properties: Record<string, string>, lower: Record<string, string> = {}) => {
  const layers: readonly PropertyLayer[] = [
    { origin: LOWER, properties: lower },
    { origin: UPPER, properties },
  ];
  const masked = maskExplained(explainProperties({ layers, now: 0, timeZone: 'UTC' }));
  return { byKey: new Map(masked.map((property) => [property.key, property])), text: JSON.stringify(masked) };
};

describe('maskExplained', () => {
  it('masks a secret under its own key, where it is inserted, and what it hides', () => {
    const { byKey, text } = shown(
      { 'db.password': 'hush-1', command: 'connect -p${db.password} ${user}', user: 'me' },
      { 'db.password': 'older-2' },
    );
    expect(byKey.get('command')).toMatchObject({
      value: 'connect -p[MASKED] me',
      raw: 'connect -p${db.password} ${user}',
    });
    expect(byKey.get('db.password')).toMatchObject({
      value: '[MASKED]',
      raw: '[MASKED]',
      overrides: [{ value: '[MASKED]' }],
    });
    expect(text).not.toMatch(/hush-1|older-2/);
  });

  it.each([
    ['an expression has made something else of it', { secret: 'hush-1', loud: "$('${secret}'.toUpperCase())" }],
    ['it came over another property', { secret: 'hush-1', via: '${secret}', loud: "$('${via}'.toUpperCase())" }],
    ['it is too short to be searched for', { secret: 'abc', loud: 'x${secret}' }],
  ])('masks the whole of a value when %s', (_, properties) => {
    expect(shown(properties).byKey.get('loud')).toMatchObject({ value: '[MASKED]' });
  });

  it('keeps errors of references, and hides those of expressions that repeat a secret', () => {
    const { byKey, text } = shown({ secret: 'hush-1', a: '${nowhere}', b: '$(1,${secret})', c: '$(1,2)' });
    expect(byKey.get('a')?.error).toBe('Could not find variable substitution for variable(s) [a->nowhere]');
    expect(byKey.get('b')?.error).toBe('The expression in "b" cannot be evaluated; the reason contains a secret.');
    expect(byKey.get('c')?.error).toContain('$(1,2)');
    expect(text).not.toContain('hush-1');
  });

  it('leaves everything else alone, also words that happen to be short secrets', () => {
    const { byKey } = shown({ 'api.token': 'eu', region: 'europe' });
    expect(byKey.get('region')).toMatchObject({ value: 'europe', raw: 'europe' });
  });
});
