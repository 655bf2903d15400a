import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parse } from 'yaml';
import { extractZip, flow2JsonSchema } from '@lockstep/project-zip';
import { FIXTURES, loadExpected, skipWithoutFixtures } from './fixtures.js';

const validate = new Ajv2020({ allErrors: true, strictTypes: false }).compile(flow2JsonSchema());

/** Invalid projects whose mistake is one of form; the others need a look at the whole flow. */
const CAUGHT: Readonly<Record<string, string>> = {
  'trigger-no-dependency-name20': "/trigger/triggerDependencies/0 must have required property 'name'",
  'trigger-no-schedule20': "/trigger must have required property 'schedule'",
  'trigger-zero-max-wait20': '/trigger/maxWaitMins must be >= 1',
  'trigger-no-max-wait20': "/trigger must have required property 'maxWaitMins'",
};

/** What is wrong with a flow file, as an editor would show it. */
const problemsOf = (text: string): readonly string[] => {
  validate(parse(text, { maxAliasCount: 0 }));
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};

describe('the schema of flow files', () => {
  const cases = (loadExpected()?.cases ?? []).filter(({ kind }) => kind === 'flow2');
  if (cases.length === 0) return skipWithoutFixtures();

  it.each(cases.filter(({ expect: { errors } }) => errors.length === 0).map(({ path }) => path))(
    'has nothing against the flows of %s',
    async (path) => {
      const files = await flowFilesOf(path);
      for (const [name, text] of files) expect([name, problemsOf(text)]).toEqual([name, []]);
    },
  );

  it.each(Object.entries(CAUGHT))('catches in an editor what an upload of %s would refuse', async (path, problem) => {
    expect(cases.find((each) => each.path === path)?.expect.errors).not.toEqual([]);
    const files = await flowFilesOf(path);
    expect(files.flatMap(([, text]) => problemsOf(text))).toEqual(expect.arrayContaining([problem]));
  });

  it.each([
    [
      'a key nobody knows',
      'nodes:\n  - {name: a, type: noop, retries: 2}',
      '/nodes/0 must NOT have additional properties',
    ],
    ['a list as value', 'nodes:\n  - {name: a, type: noop, config: {x: [1]}}', '/nodes/0/config/x must be'],
    [
      'an embedded flow without nodes',
      'nodes:\n  - {name: a, type: flow}',
      "/nodes/0 must have required property 'nodes'",
    ],
    [
      'dependencies that are no list',
      'nodes:\n  - {name: a, type: noop, dependsOn: b}',
      '/nodes/0/dependsOn must be array',
    ],
    ['a file without nodes', 'config: {a: b}', " must have required property 'nodes'"],
  ])('catches %s', (_, text, problem) => {
    expect(problemsOf(text).join('\n')).toContain(problem);
  });
});

async function flowFilesOf(path: string): Promise<readonly (readonly [name: string, text: string])[]> {
  if (!path.endsWith('.zip')) return readFlowFiles(join(FIXTURES, path));
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-schema-'));
  try {
    await extractZip({ zipPath: join(FIXTURES, path), targetDir: folder });
    return readFlowFiles(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function readFlowFiles(folder: string): readonly (readonly [name: string, text: string])[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.flow'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => [relative(folder, file), readFileSync(file, 'utf8')] as const);
}
