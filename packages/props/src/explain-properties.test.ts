import { describe, expect, it } from '@jest/globals';
import { explainProperties } from './explain-properties.js';
import { describeOrigin } from './property-layer.js';

describe('explainProperties', () => {
  it('says where each value comes from, what it hides, and what is wrong with it', () => {
    const file = { kind: 'file', path: 'conf/a.properties' } as const;
    const parameter = { kind: 'flow-parameter' } as const;
    const job = { kind: 'job', nestedId: 'sub:load' } as const;
    const explained = explainProperties({
      now: 0,
      timeZone: 'UTC',
      layers: [
        { origin: file, properties: { region: 'eu', path: '/${region}', broken: '${none}' } },
        { origin: parameter, properties: { region: 'us' } },
        { origin: job, properties: { region: 'asia', type: 'noop' } },
      ],
    });
    expect(explained).toEqual([
      {
        key: 'broken',
        raw: '${none}',
        error: 'Could not find variable substitution for variable(s) [broken->none]',
        origin: file,
        overrides: [],
      },
      { key: 'path', raw: '/${region}', value: '/asia', origin: file, overrides: [] },
      {
        key: 'region',
        raw: 'asia',
        value: 'asia',
        origin: job,
        overrides: [
          { origin: parameter, value: 'us' },
          { origin: file, value: 'eu' },
        ],
      },
      { key: 'type', raw: 'noop', value: 'noop', origin: job, overrides: [] },
    ]);
  });

  it.each([
    [{ kind: 'plugin-default' }, 'defaults of the installation'],
    [{ kind: 'plugin-default', type: 'hive' }, 'defaults of job type "hive"'],
    [{ kind: 'file', path: 'a/b.properties' }, 'file "a/b.properties"'],
    [{ kind: 'injected' }, 'set by the engine'],
    [{ kind: 'flow-config', flow: 'nightly' }, 'config of flow "nightly"'],
    [{ kind: 'flow-parameter' }, 'flow parameter'],
    [{ kind: 'output', job: 'extract' }, 'output of job "extract"'],
    [{ kind: 'job', nestedId: 'a:b', source: 'x/b.job' }, 'job "a:b" in "x/b.job"'],
    [{ kind: 'job-override', nestedId: 'b' }, 'override of job "b"'],
    [{ kind: 'runtime', nestedId: 'a:b' }, 'runtime property for "a:b"'],
  ] as const)('puts the origin %j into words', (origin, words) => {
    expect(describeOrigin(origin)).toBe(words);
  });
});
