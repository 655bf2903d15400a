import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FlowDefinition, Properties } from '@lockstep/domain';
import { loadProject, readProjectZip } from './index.js';
import type { LoadedProject } from './index.js';
import { writeZip } from './testing/write-zip.js';

const FIXTURES = join(dirname(fileURLToPath(import.meta.url)), '../../../../shared/fixtures/azkaban');
const cases = existsSync(FIXTURES) ? readCases() : [];

describe('the projects of Azkaban', () => {
  if (cases.length === 0) it.skip('need the folder shared/fixtures/azkaban beside the repository', () => undefined);

  let tempDir = '';
  beforeAll(async () => {
    tempDir = await mkdtemp(join(tmpdir(), 'azkaban-cases-'));
  });
  afterAll(() => rm(tempDir, { recursive: true }));

  it.each(cases)('load $name as Azkaban does', async ({ path, kind, expect: expected }) => {
    const source = join(FIXTURES, path);
    const zipPath = path.endsWith('.zip')
      ? source
      : await zipFolder(source, join(tempDir, `${path.replaceAll('/', '-')}.zip`));
    const project = await readProjectZip({ zipPath, tempDir });
    expectProject(project, kind, expected);
    if (!path.endsWith('.zip')) expect(await loadProject({ dir: source })).toEqual(project);
  });
});

interface Expected {
  readonly flows: Readonly<
    Record<string, { nodes: number; edges: number; embedded?: boolean; edgeErrors?: readonly string[] }>
  >;
  readonly errors: readonly { exact?: string; prefix?: string }[];
  readonly warnings: readonly { exact?: string; prefix?: string }[];
  readonly jobs: number;
  readonly propertiesFiles: number;
  readonly flowProps?: Readonly<Record<string, Properties>>;
  readonly jobProps?: Readonly<Record<string, Properties>>;
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | null>>>>;
  readonly trigger?: Readonly<Record<string, ExpectedTrigger>>;
}

interface ExpectedTrigger {
  readonly maxWaitMins: number | null;
  readonly schedule: { readonly type: string; readonly value: string };
  readonly dependencies: readonly unknown[];
}

interface Case {
  readonly name: string;
  readonly path: string;
  readonly kind: 'flow1' | 'flow2';
  readonly expect: Expected;
}

function readCases(): readonly Case[] {
  return (JSON.parse(readFileSync(join(FIXTURES, 'expected.json'), 'utf8')) as { cases: readonly Case[] }).cases;
}

function expectProject(project: LoadedProject, kind: string, expected: Expected): void {
  const { definition, fatal } = project;
  if (fatal === undefined) expect(definition.format).toBe(kind);
  const flows = Object.values(definition.flows).map((flow) => [flow.id, summary(flow)] as const);
  expect(Object.fromEntries(flows)).toEqual(expected.flows);
  expectMessages([...(fatal === undefined ? [] : [fatal]), ...project.errors], expected.errors);
  expectMessages(project.warnings, expected.warnings);
  expect(project.counts).toEqual({ jobs: expected.jobs, propertiesFiles: expected.propertiesFiles });
  expect(Object.keys(definition.jobs)).toHaveLength(expected.jobs);
  for (const [flow, properties] of Object.entries(expected.flowProps ?? {})) {
    expect(definition.flows[flow]?.properties).toEqual(properties);
  }
  for (const [job, properties] of Object.entries(expected.jobProps ?? {})) {
    expect(definition.jobs[job]?.properties).toEqual(properties);
  }
  for (const [flow, conditions] of Object.entries(expected.conditions ?? {})) {
    const written = definition.flows[flow]?.nodes.map((node) => [node.id, node.condition ?? null] as const) ?? [];
    expect(Object.fromEntries(written)).toEqual(conditions);
  }
  for (const [flow, { maxWaitMins, schedule, dependencies }] of Object.entries(expected.trigger ?? {})) {
    expect(definition.flows[flow]?.trigger).toEqual({
      cron: schedule.value,
      dependencies,
      ...(maxWaitMins === null ? {} : { maxWaitMinutes: maxWaitMins }),
    });
  }
}

function summary(flow: FlowDefinition) {
  const edgeErrors = flow.edges.flatMap((edge) => edge.error ?? []);
  return {
    nodes: flow.nodes.length,
    edges: flow.edges.length,
    ...(flow.embedded ? { embedded: true } : {}),
    ...(edgeErrors.length === 0 ? {} : { edgeErrors }),
  };
}

function expectMessages(messages: readonly string[], expected: readonly { exact?: string; prefix?: string }[]): void {
  const sorted = [...expected].sort((a, b) => ((a.exact ?? a.prefix ?? '') < (b.exact ?? b.prefix ?? '') ? -1 : 1));
  expect(messages).toHaveLength(expected.length);
  sorted.forEach(({ exact, prefix = '' }, at) => {
    if (exact === undefined) expect(messages[at]).toMatch(new RegExp(`^${prefix}`));
    else expect(messages[at]).toBe(exact);
  });
}

async function zipFolder(folder: string, zipPath: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  await writeZip(
    zipPath,
    files.map((file) => ({ path: relative(folder, file), content: readFileSync(file) })),
  );
  return zipPath;
}
