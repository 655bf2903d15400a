import { expect } from '@jest/globals';
import type { Driver, Look } from './driver.js';
import type { Scenario, ScenarioOptions, Step } from './fixtures.js';

const PATIENCE_MS = 20_000;

/** Plays a scenario step by step and checks every expectation on the way; leaves no execution running. */
export async function playScenario(driver: Driver, scenario: Scenario, project: string): Promise<void> {
  const ids = new Map<string, number>();
  try {
    for (const step of scenario.script) await playStep({ driver, scenario, project, ids }, step);
    await expectTheEnd({ driver, scenario, project, ids });
  } finally {
    for (const id of ids.values()) await driver.act(id, 'kill').catch(() => undefined);
  }
}

interface Play {
  readonly driver: Driver;
  readonly scenario: Scenario;
  readonly project: string;
  readonly ids: Map<string, number>;
}

async function playStep(play: Play, step: Step): Promise<void> {
  const { driver, ids } = play;
  const name = step.execution ?? '';
  if (step.do === 'start') {
    ids.set(
      name,
      await driver.start({ project: play.project, flow: play.scenario.flow, options: optionsOf(play, name) }),
    );
  }
  const id = ids.get(name);
  if (id === undefined) throw new Error(`The scenario speaks of execution "${name}" before it starts.`);
  if (step.do === 'succeed' || step.do === 'fail') await endJob(driver, id, step);
  else if (step.do !== undefined && step.do !== 'start') await driver.act(id, step.do);
  if (step.expect !== undefined || step.expectFlow !== undefined) {
    await expectStatuses(driver, id, { nodes: step.expect ?? {}, flow: step.expectFlow });
  }
  for (const [node, properties] of Object.entries(step.expectInputProps ?? {})) {
    // What an embedded flow receives is seen through its jobs.
    const received = driver.inputOf(id, node);
    if (received === undefined) continue;
    for (const [key, value] of Object.entries(properties)) {
      expect({ node, key, value: received[key] ?? null }).toEqual({
        node,
        key,
        value: value?.replace('{execid}', String(id)) ?? null,
      });
    }
  }
  for (const [node, properties] of Object.entries(step.expectOutputProps ?? {})) {
    expect(await driver.outputsOf(id, node)).toMatchObject(properties);
  }
}

function optionsOf({ scenario, ids }: Play, execution: string): ScenarioOptions {
  const options = scenario.executions?.[execution]?.options ?? scenario.options ?? {};
  const upstream = options.pipelineExecution === undefined ? undefined : ids.get(options.pipelineExecution);
  return upstream === undefined ? options : { ...options, pipelineExecution: String(upstream) };
}

async function endJob(driver: Driver, id: number, step: Step): Promise<void> {
  const { node = '', do: result, output } = step;
  const told = () =>
    driver.end(id, { node, result: result as 'succeed' | 'fail', ...(output === undefined ? {} : { output }) });
  if (step.early === true) return void (await until(async () => told() || (await hasEnded(driver, id, node))));
  const done = await until(async () => told());
  if (!done) throw new Error(`Job ${node} of execution ${id} does not run: ${describe(await driver.look(id))}`);
}

async function hasEnded(driver: Driver, id: number, node: string): Promise<boolean> {
  const status = (await driver.look(id)).nodes.get(node)?.status ?? 'READY';
  return !['READY', 'QUEUED', 'RUNNING'].includes(status);
}

async function expectStatuses(
  driver: Driver,
  id: number,
  expected: { readonly nodes: Readonly<Record<string, string>>; readonly flow: string | undefined },
): Promise<void> {
  let last: Look | undefined;
  const holds = await until(async () => {
    last = await driver.look(id);
    const { nodes, status } = last;
    return (
      Object.entries(expected.nodes).every(([node, wanted]) => (nodes.get(node)?.status ?? 'READY') === wanted) &&
      (expected.flow === undefined || expected.flow === status)
    );
  });
  if (holds) return;
  const actual = Object.fromEntries(Object.keys(expected.nodes).map((node) => [node, last?.nodes.get(node)?.status]));
  expect({ flow: last?.status, nodes: actual }).toEqual({ flow: expected.flow ?? last?.status, nodes: expected.nodes });
}

async function expectTheEnd({ driver, scenario, ids }: Play): Promise<void> {
  for (const [name, id] of ids) {
    const single = name === '';
    const statuses = single
      ? scenario.expectStatuses
      : (scenario.expectStatuses as Record<string, never> | undefined)?.[name];
    const flow = single
      ? scenario.expectFlowStatus
      : (scenario.expectFlowStatus as Readonly<Record<string, string>> | undefined)?.[name];
    await expectStatuses(driver, id, {
      nodes: (statuses ?? {}) as Readonly<Record<string, string>>,
      flow: flow as string | undefined,
    });
    for (const [node, attempt] of Object.entries(scenario.expectAttempts ?? {})) {
      expect({ node, attempt: (await driver.look(id)).nodes.get(node)?.attempt }).toEqual({ node, attempt });
    }
    await driver.expectConsistent?.(id);
  }
}

/** Asks until it holds; false when it does not within the patience. */
async function until(holds: () => Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return true;
}

function describe(look: Look): string {
  return JSON.stringify({
    flow: look.status,
    nodes: Object.fromEntries([...look.nodes].map(([id, n]) => [id, n.status])),
  });
}
