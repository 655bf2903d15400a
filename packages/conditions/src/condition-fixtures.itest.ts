import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { evaluateCondition, macroHolds, parseCondition, validateCondition } from './index.js';

/** The fixtures stand beside the repository. */
const fixtures = new URL('../../../../shared/fixtures/azkaban/', import.meta.url);
const describeFixtures = existsSync(fixtures) ? describe : describe.skip;

describeFixtures('conditions of the fixture projects (skipped where ../shared/fixtures does not exist)', () => {
  it('gives the errors Azkaban gives', () => {
    for (const { path, expect: expected } of readExpected().cases.filter((entry) =>
      entry.path.startsWith('condition'),
    )) {
      const errors = flowsOf(path).flatMap(({ format, nodes }) =>
        nodes.flatMap(({ id, condition }) =>
          condition === undefined
            ? []
            : (validateCondition({ text: condition, job: id, nodeIds: nodes.map((node) => node.id), format }) ?? []),
        ),
      );
      expect({ path, errors: errors.sort() }).toEqual({
        path,
        errors: expected.errors.map(({ exact }) => exact).sort(),
      });
    }
  });

  it('ends the jobs as Azkaban ends them', () => {
    const scenarios = readExpected().conditions;
    expect(scenarios.length).toBeGreaterThan(0);
    for (const { name, path, flow, script, expectStatuses } of scenarios) {
      const nodes = flowsOf(path).find(({ id, format }) => format === 'flow1' || id === flow)?.nodes ?? [];
      expect({ name, statuses: run(nodes, script) }).toEqual({ name, statuses: expectStatuses });
    }
  });
});

interface FixtureNode {
  readonly id: string;
  readonly condition: string | undefined;
  readonly dependencies: readonly string[];
}

interface Step {
  readonly do?: string;
  readonly node?: string;
  readonly output?: Readonly<Record<string, string>>;
}

interface Expected {
  readonly cases: readonly {
    readonly path: string;
    readonly expect: { readonly errors: readonly { exact: string }[] };
  }[];
  readonly conditions: readonly {
    readonly name: string;
    readonly path: string;
    readonly flow: string;
    readonly script: readonly Step[];
    readonly expectStatuses: Readonly<Record<string, string>>;
  }[];
}

function readExpected(): Expected {
  return JSON.parse(readFileSync(new URL('expected.json', fixtures), 'utf8')) as Expected;
}

/** Enough of both formats for these files: names, conditions and dependencies, one per line. */
function flowsOf(path: string): readonly { id: string; format: 'flow1' | 'flow2'; nodes: readonly FixtureNode[] }[] {
  const folder = new URL(`${path}/`, fixtures);
  const read = (file: string): string => readFileSync(new URL(file, folder), 'utf8');
  const files = readdirSync(folder);
  const jobs = files.filter((file) => file.endsWith('.job'));
  if (jobs.length > 0) {
    const nodes = jobs.map((file) => jobOf(file.replace('.job', ''), read(file)));
    return [{ id: path, format: 'flow1', nodes }];
  }
  const flows = files.filter((file) => file.endsWith('.flow'));
  return flows.map((file) => ({ id: file.replace('.flow', ''), format: 'flow2', nodes: nodesOf(read(file)) }));
}

function jobOf(id: string, text: string): FixtureNode {
  const dependencies = /^dependencies=(.*)$/m.exec(text)?.[1]?.split(',') ?? [];
  return { id, condition: /^condition=(.*)$/m.exec(text)?.[1], dependencies };
}

function nodesOf(text: string): readonly FixtureNode[] {
  return text
    .split(/^ {2}- name: /m)
    .slice(1)
    .map((block) => ({
      id: block.split('\n')[0] ?? '',
      condition: /^ {4}condition: (.*)$/m.exec(block)?.[1],
      dependencies: [...block.matchAll(/^ {6}- (.*)$/gm)].map((match) => match[1] ?? ''),
    }));
}

/** Runs the jobs in any order that respects dependencies; only the script makes a job fail. */
function run(nodes: readonly FixtureNode[], script: readonly Step[]): Readonly<Record<string, string>> {
  const statuses: Record<string, string> = {};
  for (let left = [...nodes]; left.length > 0; left = left.filter(({ id }) => statuses[id] === undefined)) {
    const ready = left.filter(({ dependencies }) => dependencies.every((id) => statuses[id] !== undefined));
    for (const { id, condition, dependencies } of ready) {
      const parsed = parseCondition(condition ?? 'all_success');
      const counts = {
        dependencies: dependencies.length,
        successes: dependencies.filter((dependency) => statuses[dependency] === 'SUCCEEDED').length,
        failures: dependencies.filter((dependency) => statuses[dependency] !== 'SUCCEEDED').length,
      };
      const outputOf = (job: string, param: string): string | undefined =>
        script.find((step) => step.do === 'succeed' && step.node === job)?.output?.[param];
      const may =
        macroHolds(parsed.macro, counts) && evaluateCondition(parsed, { outputOf, parameter: () => undefined });
      const fails = script.some((step) => step.do === 'fail' && step.node === id);
      statuses[id] = !may ? 'CANCELLED' : fails ? 'FAILED' : 'SUCCEEDED';
    }
  }
  return statuses;
}
