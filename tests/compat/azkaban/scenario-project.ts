import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FIXTURES, type Scenario } from './fixtures.js';

/**
 * The folder or zip of a scenario. One with a graph of its own takes the job files of its nodes, with the dependencies of
 * the graph, in a new folder inside `folder`; its flow is then named after the end of the graph.
 */
export function scenarioProject(
  scenario: Pick<Scenario, 'path' | 'graph' | 'flow'>,
  folder: string,
): { path: string; flow: string } {
  const source = join(FIXTURES, scenario.path);
  if (scenario.graph === undefined) return { path: source, flow: scenario.flow };
  const target = mkdtempSync(join(folder, 'graph-'));
  for (const node of scenario.graph.nodes) {
    const needs = scenario.graph.edges.filter(([, to]) => to === node).map(([from]) => from);
    const lines = readFileSync(join(source, `${node}.job`), 'utf8')
      .split('\n')
      .filter((line) => !line.startsWith('dependencies='));
    if (needs.length > 0) lines.push(`dependencies=${needs.join(',')}`);
    writeFileSync(join(target, `${node}.job`), `${lines.join('\n')}\n`);
  }
  for (const file of ['prop1.properties', 'prop2.properties']) cpSync(join(source, file), join(target, file));
  const ends = scenario.graph.nodes.filter((node) => !scenario.graph?.edges.some(([from]) => from === node));
  return { path: target, flow: ends[0] ?? scenario.flow };
}
