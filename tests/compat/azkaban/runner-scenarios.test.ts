import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Driver } from './driver.js';
import { loadExpected } from './fixtures.js';
import { playScenario } from './play-scenario.js';
import { createRunnerDriver } from './runner-driver.js';
import { scenarioProject } from './scenario-project.js';

const expected = loadExpected();
const scenarios = [...(expected?.scenarios ?? []), ...(expected?.conditions ?? [])];

(expected === undefined ? describe.skip : describe)('the shared run scenarios, on the runner', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await createRunnerDriver({ webServerUrl: 'http://localhost:8443' });
  });
  afterAll(async () => driver.stop());

  it.each(scenarios.map((scenario) => [`${scenario.path} ${scenario.name}`, scenario] as const))(
    '%s',
    async (name, scenario) => {
      const project = scenario.options?.project ?? name.replaceAll(/[^a-zA-Z0-9]/g, '-');
      const { path, flow } = scenarioProject(scenario);
      await driver.upload({ name: project, path });
      await playScenario(driver, { ...scenario, flow }, project);
    },
    60_000,
  );

  it.each((expected?.precedence ?? []).map((entry) => [entry.name, entry] as const))(
    'precedence: %s',
    async (name, entry) => {
      const { path, flow } = scenarioProject(entry);
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
