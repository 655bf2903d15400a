import { expect } from '@jest/globals';
import {
  nodeOf,
  statusesOf,
  type AzkabanClient,
  type ExecutionView,
  type NodeView,
} from '../support/azkaban-client.js';
import { waitUntil } from '../support/wait-until.js';
import type { ExpectedExecution, ExpectedExplanation, ExpectedRun, Step } from './example.js';

/** A server with the project of one example. */
export interface Stage {
  readonly azkaban: AzkabanClient;
  readonly project: string;
  /** Declares the only worker dead; it lives on as a new one. */
  loseWorker(): Promise<void>;
}

/** Plays a run of an example, and holds its end against what is expected. */
export async function playRun(stage: Stage, run: ExpectedRun): Promise<void> {
  const { azkaban } = stage;
  const first = await submit(stage, run);
  const executions: (readonly [number, ExpectedExecution])[] = first === undefined ? [] : [[first, run]];
  if (first !== undefined && run.meanwhile !== undefined) {
    await waitUntil('a job runs', async () => {
      const { nodes } = await azkaban.execution(first);
      return nodes.some(({ status }) => status === 'RUNNING');
    });
    for (const other of run.meanwhile) {
      const execid = await submit(stage, other);
      if (execid !== undefined) executions.push([execid, other]);
    }
  }
  if (first !== undefined) for (const step of run.steps ?? []) await perform(stage, { execid: first, step });

  const views: ExecutionView[] = [];
  for (const [execid, expected] of executions) {
    const view = await azkaban.finished(execid, { deadlineMs: 60_000 });
    views.push(view);
    expect(endOf(view, expected)).toEqual(expectedEnd(expected));
    await expectLogs(azkaban, { execid, expected });
  }
  for (const [later, earlier] of run.startsAfter ?? []) {
    expect([later, nodeAt(views, later).startTime]).toEqual([later, expect.any(Number)]);
    expect(nodeAt(views, later).startTime).toBeGreaterThanOrEqual(nodeAt(views, earlier).endTime);
  }
}

/** Holds what `explainJob` says against what the guide says. */
export async function expectExplained({ azkaban, project }: Stage, expected: ExpectedExplanation): Promise<void> {
  const { properties } = await azkaban.ajax<{ properties: readonly { key: string }[] }>('/manager', {
    ajax: 'explainJob',
    project,
    ...{ flow: expected.flow, job: expected.job },
    ...requestOf(expected),
  });
  const explained = Object.fromEntries(properties.map((property) => [property.key, property]));
  expect(explained).toMatchObject(expected.properties);
}

/** The id of the execution; undefined when it was refused, as expected. */
async function submit({ azkaban, project }: Stage, expected: ExpectedExecution): Promise<number | undefined> {
  const request = { project, flow: expected.flow, ...requestOf(expected) };
  if (expected.error === undefined) return azkaban.execute(project, expected.flow, request);
  expect(await azkaban.ajax('/executor', { ajax: 'executeFlow', ...request })).toMatchObject({ error: expected.error });
  return undefined;
}

function requestOf({ parameters = {}, options = {} }: Pick<ExpectedExecution, 'parameters' | 'options'>) {
  const form = Object.keys(options).some((name) => name.startsWith('runtimeProperty['))
    ? (key: string) => `runtimeProperty[ROOT][${key}]`
    : (key: string) => `flowOverride[${key}]`;
  return {
    ...Object.fromEntries(Object.entries(parameters).map(([key, value]) => [form(key), value])),
    ...options,
  };
}

async function perform(
  { azkaban, loseWorker }: Stage,
  { execid, step }: { execid: number; step: Step },
): Promise<void> {
  if ('wait' in step) {
    await waitUntil(`execution ${execid} reaches ${JSON.stringify(step.wait)}`, async () => {
      const view = await azkaban.execution(execid);
      return Object.entries(step.wait).every(
        ([job, status]) => status === (job === 'flow' ? view.status : nodeOf(view, job).status),
      );
    });
  } else if (step.do === 'loseWorker') {
    await loseWorker();
  } else {
    expect(await azkaban.ajax('/executor', { ajax: step.do, execid })).not.toHaveProperty('error');
  }
}

function endOf(view: ExecutionView, { attempts = {} }: ExpectedExecution) {
  return {
    status: view.status,
    jobs: statusesOf(view),
    attempts: Object.fromEntries(
      Object.keys(attempts).map((job) => [job, (nodeOf(view, job).pastAttempts?.length ?? 0) + 1]),
    ),
  };
}

function expectedEnd({ status, jobs, attempts = {} }: ExpectedExecution) {
  return { status, jobs, attempts };
}

async function expectLogs(
  azkaban: AzkabanClient,
  { execid, expected: { logs = {}, logsWithout = {} } }: { execid: number; expected: ExpectedExecution },
): Promise<void> {
  const read = async (job: string) => {
    const log = await (job === 'flow' ? azkaban.wholeFlowLog(execid) : azkaban.wholeJobLog(execid, job));
    return log.replace(LINE_HEAD, '');
  };
  for (const [job, texts] of Object.entries(logs)) {
    const log = await read(job);
    for (const text of texts) expect(log).toMatch(linesLike(text));
  }
  for (const [job, texts] of Object.entries(logsWithout)) {
    const log = await read(job);
    for (const text of texts) expect(log).not.toMatch(linesLike(text));
  }
}

/** Time, zone, job and level. */
const LINE_HEAD = /^\d\d-\d\d-\d{4} \d\d:\d\d:\d\d \S+ \S+ (?:INFO|WARN|ERROR) - /gm;

function linesLike(text: string): RegExp {
  const escaped = text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll('…', '.*');
  return new RegExp(`^${escaped}$`, 'm');
}

/** `2/sub:x` is the node sub:x of the second execution. */
function nodeAt(views: readonly ExecutionView[], place: string): NodeView {
  const [number, nestedId] = place.split('/') as [string, string];
  return nodeOf(views[Number(number) - 1] as ExecutionView, nestedId);
}
