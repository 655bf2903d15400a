import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer } from './azkaban-api.js';
import { startCompatServer, type CompatServer } from './compat-server.js';
import { FIXTURES, loadExpected, skipWithoutFixtures, type ExpectedMessage, type LoadingCase } from './fixtures.js';
import { zipOfProject } from './zip-of-project.js';

const expected = loadExpected();
const cases = (expected?.cases ?? []).map((each, number) => [each.path, `case-${number}`, each] as const);

describe('an upload over HTTP', () => {
  if (expected === undefined) return skipWithoutFixtures();
  let server: CompatServer;
  beforeAll(async () => {
    server = await startCompatServer();
  }, 60_000);
  afterAll(async () => server?.stop(), 60_000);

  it.each(
    cases.filter(
      ([
        ,
        ,
        {
          expect: { errors },
        },
      ]) => errors.length === 0,
    ),
  )(
    'of %s gives the flows Azkaban finds, with their graphs',
    async (path, project, { expect: { flows, warnings } }) => {
      const answer = await upload(path, project);
      expect(answer.status).toBe(200);
      expect(JSON.parse(answer.text)).toEqual({ projectId: expect.stringMatching(/^\d+$/), version: '1' });
      expect(warnings).toEqual([]);
      expect(await listedFlows(project)).toEqual(listed(flows));
      for (const [flow, { nodes, edges }] of Object.entries(flows)) {
        expect(await graphOf(project, flow)).toEqual({ flow, nodes, edges });
      }
    },
  );

  it.each(
    cases.filter(
      ([
        ,
        ,
        {
          expect: { errors },
        },
      ]) => errors.length > 0,
    ),
  )(
    'of %s is refused with the errors Azkaban reports, and leaves the project as it was',
    async (path, project, { expect: { errors } }) => {
      const answer = await upload(path, project);
      expect(answer.status).toBe(500);
      const body = JSON.parse(answer.text) as Record<string, string>;
      expect(body).toEqual({ error: expect.any(String), projectId: expect.stringMatching(/^\d+$/), version: '0' });
      expectMessages(reportedIn(body['error'] ?? ''), errors);
      expect(await listedFlows(project)).toEqual([]);
    },
  );

  async function upload(path: string, project: string): Promise<Answer> {
    return server.upload({ name: project, zip: await zipOfProject(join(FIXTURES, path)) });
  }

  async function listedFlows(project: string): Promise<readonly string[]> {
    const { flows } = await ask('fetchprojectflows', { project });
    return (flows as readonly { readonly flowId: string }[]).map(({ flowId }) => flowId).toSorted();
  }

  async function graphOf(project: string, flow: string) {
    const graph = await ask('fetchflowgraph', { project, flow });
    const nodes = graph['nodes'] as readonly { readonly in?: readonly string[] }[];
    const edges = nodes.reduce((sum, node) => sum + (node.in?.length ?? 0), 0);
    return { flow: graph['flow'], nodes: nodes.length, edges };
  }

  const ask = (ajax: string, parameters: Readonly<Record<string, string>>) =>
    server.api.json('/manager', { form: { 'session.id': server.session, ajax, ...parameters } });
});

function listed(flows: LoadingCase['expect']['flows']): readonly string[] {
  return Object.keys(flows)
    .filter((id) => flows[id]?.embedded !== true)
    .toSorted();
}

const REPORT = 'Validator Directory Flow reports errors:<br><br>';
const FAILURE = 'Installation Failed.<br>';

/** The messages of a validation report, or the one of a project that could not be read at all. */
function reportedIn(error: string): readonly string[] {
  if (error.startsWith(FAILURE)) return [error.slice(FAILURE.length)];
  expect(error).toMatch(new RegExp(`^${REPORT}.*<br>$`, 's'));
  return error.slice(REPORT.length, -'<br>'.length).split('<br>');
}

/** Azkaban's messages are a set: the order does not matter, and there are no others. */
function expectMessages(messages: readonly string[], wanted: readonly ExpectedMessage[]): void {
  expect({ messages, count: messages.length }).toEqual({ messages, count: wanted.length });
  for (const { exact, prefix } of wanted) {
    const found = messages.some((text) => (exact === undefined ? text.startsWith(prefix ?? '') : text === exact));
    expect({ messages, exact, prefix, found }).toEqual({ messages, exact, prefix, found: true });
  }
}
