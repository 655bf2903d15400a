import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { SETTINGS, type Setting } from '../../apps/server/src/config/keys.js';

const REPOSITORY = join(import.meta.dirname, '../..');

interface ComposeFile {
  readonly services: Record<
    string,
    { readonly environment?: Record<string, string>; readonly configs?: { source: string; target: string }[] }
  >;
  readonly configs: Record<string, { readonly content: string }>;
}

/** What is used of dclint, whose own types cannot be resolved from an ES module. Its rules include Compose's JSON schema. */
interface ComposeLinting {
  readonly DCLinter: new (options: { rules: object; quiet: boolean; debug: boolean; exclude: readonly string[] }) => {
    lintFiles(
      paths: readonly string[],
      recursive: boolean,
    ): readonly { readonly messages: readonly { readonly type: string }[] }[];
  };
}

function composeFile(): ComposeFile {
  return parse(readFileSync(join(REPOSITORY, 'docker-compose.yml'), 'utf8'), { merge: true }) as ComposeFile;
}

describe('docker-compose.yml', () => {
  it('follows the Compose specification and good practice', async () => {
    const { DCLinter } = (await import('dclint')) as unknown as ComposeLinting;
    const linter = new DCLinter({ rules: {}, quiet: false, debug: false, exclude: [] });
    const [result] = linter.lintFiles([join(REPOSITORY, 'docker-compose.yml')], false);
    // Warnings are about the order of keys.
    expect(result?.messages.filter(({ type }) => type === 'error')).toEqual([]);
  });

  it('uses settings that exist, with values they accept', () => {
    const settings = new Map(Object.values<Setting>(SETTINGS).map((setting) => [setting.env as string, setting]));
    const { services } = composeFile();
    const used = Object.values(services).flatMap(({ environment = {} }) =>
      Object.entries(environment).filter(([name]) => name.startsWith('LOCKSTEP_')),
    );
    expect(used.length).toBeGreaterThan(0);
    for (const [name, value] of used) {
      const setting = settings.get(name);
      expect([name, setting?.env]).toEqual([name, name]);
      expect(() => setting?.parse(value.replace(/\$\{\w+:-(\w+)\}/g, '$1'))).not.toThrow();
    }
  });

  it('gives every role to somebody, and the web server a users file of its own', () => {
    const { services, configs } = composeFile();
    const roles = Object.values(services).flatMap(
      ({ environment }) => environment?.['LOCKSTEP_ROLES']?.split(',') ?? [],
    );
    expect(new Set(roles)).toEqual(new Set(['web', 'scheduler', 'worker']));
    const [users] = services['web']?.configs ?? [];
    expect(services['web']?.environment?.['LOCKSTEP_USERS_FILE']).toBe(users?.target);
    expect(configs[users?.source ?? '']?.content).toContain('${ADMIN_PASSWORD:?');
  });
});
