import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { readPluginFolder } from './read-plugin-folder.js';

const fixtures = join(dirname(fileURLToPath(import.meta.url)), '../../../../../shared/fixtures/azkaban');
const present = existsSync(join(fixtures, 'expected.json'));

/** Values by key; null = the key must be absent. */
type Expected = Readonly<Record<string, string | null>>;
interface PluginFixture {
  readonly kind: string;
  readonly path: string;
  readonly expect: {
    readonly common: Expected;
    readonly types: Readonly<Record<string, { readonly job?: Expected; readonly private?: Expected }>>;
  };
}

(present ? describe : describe.skip)(`Azkaban's plugin folder (skipped where ${fixtures} is missing)`, () => {
  it('gives jobs and loader the properties Azkaban gives them', () => {
    const { other } = JSON.parse(readFileSync(join(fixtures, 'expected.json'), 'utf8')) as { other: PluginFixture[] };
    const fixture = other.find(({ kind }) => kind === 'jobtype-plugins') as PluginFixture;
    const folder = readPluginFolder(join(fixtures, fixture.path));
    const agree = (properties: Readonly<Record<string, string>>, expected: Expected = {}): void => {
      const seen = Object.keys(expected).map((key) => [key, properties[key] ?? null]);
      expect(Object.fromEntries(seen)).toEqual(expected);
    };

    agree(folder.commonDefaults, fixture.expect.common);
    expect(folder.plugins.map(({ type }) => type)).toEqual(Object.keys(fixture.expect.types).sort());
    for (const { type, defaults, settings } of folder.plugins) {
      agree(defaults, fixture.expect.types[type]?.job);
      agree(settings, fixture.expect.types[type]?.private);
    }
  });
});
