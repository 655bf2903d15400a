import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Driver } from './driver.js';
import { loadExpected, skipWithoutFixtures } from './fixtures.js';
import { playScenario } from './play-scenario.js';
import { scenarioProject } from './scenario-project.js';

/** Links that jobs are given start with it in the expectations. */
const WEB_SERVER_URL = 'http://localhost:8443';

/** Plays every shared scenario on the driver: one table of expectations for all of them. */
export function describeScenarios(
  where: string,
  createDriver: (settings: { readonly webServerUrl: string }) => Promise<Driver>,
): void {
  const expected = loadExpected();
  const scenarios = [...(expected?.scenarios ?? []), ...(expected?.conditions ?? [])];

  describe(`the shared run scenarios, on ${where}`, () => {
    if (expected === undefined) return skipWithoutFixtures();
    let driver: Driver;
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'lockstep-scenarios-'));
      driver = await createDriver({ webServerUrl: WEB_SERVER_URL });
    }, 60_000);
    afterAll(async () => {
      await driver?.stop();
      await rm(folder, { recursive: true });
    }, 60_000);

    it.each(scenarios.map((scenario) => [`${scenario.path} ${scenario.name}`, scenario] as const))(
      '%s',
      async (name, scenario) => {
        const project = scenario.options?.project ?? projectNameOf(name);
        const { path, flow } = scenarioProject(scenario, folder);
        await driver.upload({ name: project, path });
        await playScenario(driver, { ...scenario, flow }, project);
      },
      60_000,
    );

    it.each(expected.precedence.map((entry) => [entry.name, entry] as const))(
      'precedence: %s',
      async (name, entry) => {
        const { path, flow } = scenarioProject(entry, folder);
        await driver.upload({ name, path });
        const script = Object.keys(entry.expectInputProps).map((node) => ({
          do: 'succeed' as const,
          node,
          output: entry.outputs[node] ?? {},
          expectInputProps: { [node]: entry.expectInputProps[node] ?? {} },
        }));
        await playScenario(
          driver,
          { ...entry, flow, script: [{ do: 'start' }, ...script], expectFlowStatus: 'SUCCEEDED' },
          name,
        );
        expect(script.length).toBeGreaterThan(0);
      },
      60_000,
    );
  });
}

/** A project name has 64 characters at most and begins with a letter. */
function projectNameOf(title: string): string {
  return `s-${title.replaceAll(/[^a-zA-Z0-9]/g, '-').slice(-60)}`;
}
