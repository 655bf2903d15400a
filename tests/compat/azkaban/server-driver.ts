import { expect } from '@jest/globals';
import { createStores } from '@lockstep/database';
import type { DisabledJob } from '@lockstep/domain';
import type { AzkabanApi, JsonObject, Parameters } from './azkaban-api.js';
import { startCompatServer } from './compat-server.js';
import { disabledTree } from './disabled-tree.js';
import type { Driver, Look } from './driver.js';
import type { ScenarioOptions } from './fixtures.js';
import { createRecordedTestJobs } from './recorded-test-jobs.js';
import { zipOfProject } from './zip-of-project.js';

const AJAX_OF = {
  kill: 'cancelFlow',
  pause: 'pauseFlow',
  resume: 'resumeFlow',
  retryFailures: 'retryFailedJobs',
} as const;

/** Plays scenarios on a whole server, through its HTTP API; only the ends of `test` jobs are told behind its back. */
export async function createServerDriver(settings: { readonly webServerUrl?: string } = {}): Promise<Driver> {
  const testJobs = createRecordedTestJobs();
  const server = await startCompatServer({
    jobTypes: [testJobs.jobType],
    settings: settings.webServerUrl === undefined ? {} : { LOCKSTEP_WEB_URL: settings.webServerUrl },
  });
  const { api, session } = server;
  const executions = createStores(server.database.knex).executions;
  const ask = (ajax: string, parameters: Parameters): Promise<JsonObject> =>
    api.json('/executor', { form: { 'session.id': session, ajax, ...parameters } });

  return {
    end: testJobs.end,
    inputOf: testJobs.inputOf,
    async upload({ name, path }) {
      const answer = await server.upload({ name, zip: await zipOfProject(path) });
      expect(JSON.parse(answer.text)).toEqual({ projectId: expect.any(String), version: expect.any(String) });
    },
    async start({ project, flow, options }) {
      const answer = await ask('executeFlow', { project, flow, ...requestOf(options) });
      expect(answer).toEqual({ project, flow, message: expect.any(String), execid: expect.any(Number) });
      const executionId = answer['execid'] as number;
      await expectPipelined(ask, executionId, options);
      return executionId;
    },
    async act(execid, action) {
      expect(await ask(AJAX_OF[action], { execid })).toEqual({});
    },
    look: async (execid) => lookAt(await fetchExecution(api, session, execid)),
    async outputsOf(executionId, node) {
      const attempts = await executions.attemptsOf(executionId);
      return attempts.findLast(({ nestedId }) => nestedId === node)?.outputs;
    },
    async expectConsistent(execid) {
      const whole = await fetchExecution(api, session, execid);
      expectSoundTimes(whole);
      const update = await ask('fetchexecflowupdate', { execid, lastUpdateTime: -1 });
      expect(withoutPlaces(update)).toEqual(asUpdate(whole));
      const nothingNew = await ask('fetchexecflowupdate', { execid, lastUpdateTime: whole.updateTime });
      expect(Object.keys(nothingNew)).toEqual(['startTime', 'updateTime', 'endTime', 'status']);
    },
    stop: () => server.stop(),
  };
}

/** A node of `fetchexecflow`; the execution itself is one, too. */
interface NodeView extends JsonObject {
  readonly id: string;
  readonly nestedId: string;
  readonly status: string;
  readonly attempt: number;
  readonly startTime: number;
  readonly endTime: number;
  readonly updateTime: number;
  readonly pastAttempts?: readonly { readonly attempt: number; readonly status: string }[];
  readonly nodes?: readonly NodeView[];
}

async function fetchExecution(api: AzkabanApi, session: string, execid: number): Promise<NodeView> {
  const answer = await api.json(`/executor?ajax=fetchexecflow&execid=${execid}&session.id=${session}`);
  if ('error' in answer) throw new Error(`fetchexecflow of ${execid}: ${JSON.stringify(answer)}`);
  return answer as NodeView;
}

function lookAt(execution: NodeView): Look {
  const nodes = new Map<string, NodeView>();
  const add = (node: NodeView): void => {
    nodes.set(node.nestedId, node);
    node.nodes?.forEach(add);
  };
  execution.nodes?.forEach(add);
  return { status: execution.status, nodes };
}

/** The options in the words of a request. */
function requestOf(options: ScenarioOptions): Parameters {
  const { disabled, failureAction, failureEmails, flowParams, pipelineLevel, runtimeProperties } = options;
  return {
    ...(failureAction !== undefined && { failureAction: wordOf(failureAction) }),
    ...(disabled !== undefined && { disabled: JSON.stringify(disabledTree(disabled).map(asRequested)) }),
    ...(failureEmails !== undefined && { failureEmails: failureEmails.join(','), failureEmailsOverride: 'true' }),
    ...(pipelineLevel !== undefined && { concurrentOption: 'pipeline', pipelineLevel }),
    // The older form knows no nodes; the two must not be mixed.
    ...(runtimeProperties === undefined
      ? named((key) => `flowOverride[${key}]`, flowParams)
      : Object.fromEntries(
          Object.entries({ ROOT: flowParams ?? {}, ...runtimeProperties }).flatMap(([node, properties]) =>
            Object.entries(named((key) => `runtimeProperty[${node}][${key}]`, properties)),
          ),
        )),
  };
}

function named(nameOf: (key: string) => string, properties: Readonly<Record<string, string>> = {}): Parameters {
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [nameOf(key), value]));
}

const FAILURE_ACTION_WORDS: Readonly<Record<string, string>> = {
  FINISH_CURRENTLY_RUNNING: 'finishCurrent',
  CANCEL_ALL: 'cancelImmediately',
  FINISH_ALL_POSSIBLE: 'finishPossible',
};

function wordOf(failureAction: string): string {
  const word = FAILURE_ACTION_WORDS[failureAction];
  if (word === undefined) throw new Error(`No request says ${failureAction}.`);
  return word;
}

function asRequested({ id, children }: DisabledJob): unknown {
  return children === undefined ? id : { id, children: children.map(asRequested) };
}

/** No request names the execution to follow: the server takes the newest running one. */
async function expectPipelined(
  ask: (ajax: string, parameters: Parameters) => Promise<JsonObject>,
  execid: number,
  { pipelineExecution, pipelineLevel }: ScenarioOptions,
): Promise<void> {
  if (pipelineExecution === undefined) return;
  const info = await ask('flowInfo', { execid });
  expect(info).toMatchObject({ pipelineExecution: Number(pipelineExecution), pipelineLevel });
}

/** What `fetchexecflowupdate` says of the same state: fewer keys, and nodes only where something has happened. */
function asUpdate(node: NodeView): unknown {
  const { id, status, attempt, startTime, endTime, updateTime, pastAttempts } = node;
  return {
    ...{ id, status, attempt, startTime, endTime, updateTime, pastAttempts },
    ...(node.nodes === undefined ? {} : { nodes: node.nodes.map(asUpdate) }),
  };
}

/** Without the names of flows, which are no state. */
function withoutPlaces({ flow: _flow, ...node }: JsonObject): JsonObject {
  const nodes = node['nodes'] as readonly JsonObject[] | undefined;
  return { ...node, ...(nodes === undefined ? {} : { nodes: nodes.map(withoutPlaces) }) };
}

/** Times that have not come are -1, an end is never before its start, and every earlier attempt is told. */
function expectSoundTimes(node: NodeView): void {
  const { nestedId, attempt, startTime, endTime, updateTime, pastAttempts = [] } = node;
  const times = { nestedId, startTime, endTime, updateTime };
  expect({ ...times, sound: [startTime, endTime, updateTime].every((time) => time === -1 || time > 0) }).toEqual({
    ...times,
    sound: true,
  });
  expect({ ...times, ordered: endTime === -1 || (startTime !== -1 && endTime >= startTime) }).toEqual({
    ...times,
    ordered: true,
  });
  expect({ nestedId, past: pastAttempts.map((past) => past.attempt) }).toEqual({
    nestedId,
    past: Array.from({ length: attempt }, (_, number) => number),
  });
  node.nodes?.forEach(expectSoundTimes);
}
