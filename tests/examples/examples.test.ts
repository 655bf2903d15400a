import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { loadProject } from '@lockstep/project-zip';
import { startCompatServer, type CompatServer } from '../compat/azkaban/compat-server.js';
import { zipOfExample } from './zip-of-example.js';
import { AzkabanClient } from '../support/azkaban-client.js';
import { allExamples, allGuides, allTests, brokenLinks, indexOfDocs } from './example.js';
import { expectExplained, playRun, type Stage } from './play-example.js';

jest.setTimeout(120_000);

/** What a scheduler does with a worker that has been silent for too long. */
const BURY = `
  with buried as (update workers set ended_at = now() where ended_at is null returning id)
  update executions set nudged_at = '-infinity' from buried where lease_worker = buried.id and not finished`;

const examples = allExamples();
const guides = allGuides();
const played = examples.flatMap((example) =>
  example.expected === undefined ? [] : [{ ...example, expected: example.expected }],
);

describe('guides and examples', () => {
  it.each(guides.map(({ path, examples: named }) => [path, named]))(
    '%s names an example, and none that is missing',
    (_, named) => {
      expect(named.length).toBeGreaterThan(0);
      for (const name of named) expect(examples.map((example) => example.name)).toContain(name);
    },
  );

  it.each(examples.map(({ name }) => name))('the example %s has a guide', (name) => {
    expect(guides.filter((guide) => guide.examples.includes(name))).not.toEqual([]);
  });

  it('leave no example without a test that plays it', () => {
    const others = allTests().filter(([path]) => !path.startsWith('examples'));
    const unplayed = examples.filter(({ name, expected }) => {
      return expected === undefined && !others.some(([, text]) => text.includes(`'${name}'`));
    });
    expect(unplayed.map(({ name }) => name)).toEqual([]);
  });

  it('lead nowhere but to files that exist', () => {
    expect(brokenLinks()).toEqual([]);
  });

  it.each(guides.map(({ path }) => path))('the index of the documentation lists %s', (path) => {
    expect(indexOfDocs()).toContain(`(guides/${path})`);
  });
});

describe('an example', () => {
  let server: CompatServer;
  let azkaban: AzkabanClient;
  let pluginFolder: string;

  beforeAll(async () => {
    pluginFolder = mkdtempSync(join(tmpdir(), 'lockstep-examples-'));
    for (const { plugins } of examples) if (plugins !== undefined) cpSync(plugins, pluginFolder, { recursive: true });
    server = await startCompatServer({
      settings: { LOCKSTEP_PLUGIN_DIR: pluginFolder, LOCKSTEP_HEARTBEAT: '300ms', LOCKSTEP_LEASE: '20s' },
    });
    azkaban = new AzkabanClient(server.api.url, server.session);
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(pluginFolder, { recursive: true, force: true });
  });

  describe.each(played)('$name', ({ name, folder, expected }) => {
    const missing = (expected.needs ?? []).filter((program) => spawnSync(program, ['--version']).error !== undefined);
    if (missing.length > 0) return void it.skip(`needs ${missing.join(' and ')}`, () => undefined);

    const stage = (): Stage => ({
      azkaban,
      project: name,
      loseWorker: async () => {
        await server.database.knex.raw(BURY);
      },
    });

    beforeAll(async () => {
      const answer = await server.upload({ name, zip: await zipOfExample(folder) });
      expect(JSON.parse(answer.text)).toEqual({ projectId: expect.any(String), version: '1' });
    });

    it('says how every job of its flows ends', async () => {
      const { definition } = await loadProject({ dir: folder });
      for (const run of expected.runs.flatMap((each) => [each, ...(each.meanwhile ?? [])])) {
        expect(Object.keys(definition.flows)).toContain(run.flow);
        expect([run.flow, run.error ?? run.jobs]).toEqual([run.flow, expect.anything()]);
      }
    });

    it.each(expected.runs.map((run) => [run.title, run] as const))('%s', (_, run) => playRun(stage(), run));

    if (expected.explained === undefined) return;
    it.each(expected.explained.map((each) => [each.job, each] as const))('explains what %s sees', (_, each) =>
      expectExplained(stage(), each),
    );
  });
});
