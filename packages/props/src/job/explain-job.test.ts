import { describe, expect, it } from '@jest/globals';
import type { ExecutionPlan, PlanNode, ProjectDefinition, Properties } from '@lockstep/domain';
import { explainJob, outputsToCome, type ExplainJobRequest } from './explain-job.js';

const aNode = (parts: Partial<PlanNode> & Pick<PlanNode, 'index' | 'id'>): PlanNode => ({
  nestedId: parts.id,
  type: 'command',
  kind: 'job',
  dependencies: [],
  dependants: [],
  children: [],
  startNodes: [],
  endNodes: [],
  disabled: false,
  waitsFor: [],
  flowId: 'nightly',
  jobKey: parts.id,
  ...parts,
});

const NODES: readonly PlanNode[] = [
  aNode({ index: 0, id: 'nightly', kind: 'flow', nestedId: '' }),
  aNode({ index: 1, id: 'first', parent: 0 }),
  aNode({ index: 2, id: 'sub', kind: 'flow', type: 'flow', parent: 0, dependencies: [1] }),
  aNode({ index: 3, id: 'x', nestedId: 'sub:x', parent: 2 }),
  aNode({ index: 4, id: 'y', nestedId: 'sub:y', parent: 2, dependencies: [3] }),
];

const PLAN = { nodes: NODES } as unknown as ExecutionPlan;
const NOON = Date.UTC(2024, 1, 29, 12);

function explain(
  job: Properties,
  { nestedId = 'first', ...parts }: Partial<ExplainJobRequest> & { nestedId?: string } = {},
) {
  const node = NODES.find((each) => each.nestedId === nestedId) as PlanNode;
  const definition: ProjectDefinition = {
    format: 'flow1',
    flows: { nightly: { id: 'nightly', properties: {} } as never },
    jobs: {
      [node.jobKey]: { properties: job, source: 'conf/first.job', propertyFile: 'conf/a.properties' },
    },
    propertyFiles: { 'conf/a.properties': { properties: { region: 'asia' } } },
  };
  const explained = explainJob({
    plan: PLAN,
    node,
    definition,
    options: { flowParameters: { region: 'eu' }, runtimeProperties: {} },
    execution: {
      flowId: 'nightly',
      projectId: 7,
      projectName: 'etl',
      version: 3,
      submitUser: 'me',
      source: 'adhoc',
    },
    project: { modifiedBy: 'me', modifiedAt: 0 },
    attempt: 0,
    outputsOf: () => undefined,
    isToCome: () => true,
    globalProperties: {},
    pluginDefaults: {},
    timezone: 'UTC',
    now: NOON,
    ...parts,
  });
  return (key: string) => explained.find((property) => property.key === key);
}

describe('explainJob', () => {
  it('shows value, origin and what is hidden, in the order of precedence', () => {
    expect(explain({ path: '/${region}' })('region')).toEqual({
      key: 'region',
      raw: 'eu',
      value: 'eu',
      origin: { kind: 'flow-parameter' },
      overrides: [{ origin: { kind: 'file', path: 'conf/a.properties' }, value: 'asia' }],
      knownAtRunTime: false,
    });
  });

  it('puts names in place of what only a run knows, and says so of everything made from it', () => {
    const property = explain({
      command: 'run ${azkaban.flow.execid}',
      sum: '$(${azkaban.flow.execid}+1)',
      dir: '${working.dir}/x',
    });
    expect(property('command')).toMatchObject({ value: 'run <azkaban.flow.execid>', knownAtRunTime: true });
    expect(property('dir')).toMatchObject({ value: '<working.dir>/x', knownAtRunTime: true });
    expect(property('sum')).toMatchObject({ knownAtRunTime: true });
    expect(property('sum')?.error).toBeUndefined();
    expect(property('azkaban.flow.flowid')).toMatchObject({ value: 'nightly', knownAtRunTime: false });
  });

  it('shows times of a run that starts now, and the real ones once it has started', () => {
    const job = { day: '${azkaban.flow.start.day}' };
    expect(explain(job)('day')).toMatchObject({ value: '29', knownAtRunTime: true });
    expect(explain(job, { startedAt: Date.UTC(2024, 0, 5) })('day')).toMatchObject({
      value: '05',
      knownAtRunTime: false,
    });
  });

  it('knows the number of an execution that exists, and not its random id', () => {
    const execution = {
      id: 42,
      flowId: 'nightly',
      projectId: 7,
      projectName: 'etl',
      version: 3,
      submitUser: 'me',
      source: 'adhoc',
    } as const;
    const property = explain({}, { execution, startedAt: NOON });
    expect(property('azkaban.flow.execid')).toMatchObject({ value: '42', knownAtRunTime: false });
    expect(property('azkaban.flow.uuid')).toMatchObject({ value: '<azkaban.flow.uuid>', knownAtRunTime: true });
  });

  it('does not trust who changed the project last when that was after the start', () => {
    const property = explain({}, { startedAt: NOON, project: { modifiedBy: 'later', modifiedAt: NOON + 1 } });
    expect(property('azkaban.flow.projectlastchangedby')).toMatchObject({ knownAtRunTime: true });
  });

  it('takes outputs of predecessors over flow parameters, and leaves a missing name open while some are to come', () => {
    const outputsOf = (index: number): Properties | undefined => (index === 3 ? { region: 'us' } : undefined);
    const job = { key: '${made.by.x}' };
    const open = explain(job, { nestedId: 'sub:y', outputsOf });
    expect(open('region')).toMatchObject({ value: 'us', origin: { kind: 'output', job: 'sub:x' } });
    expect(open('key')).toMatchObject({ knownAtRunTime: true, error: expect.stringContaining('made.by.x') });
    const closed = explain(job, { nestedId: 'sub:y', outputsOf, isToCome: () => false });
    expect(closed('key')).toMatchObject({ knownAtRunTime: false });
  });

  it('gives an embedded flow neither property files nor what is injected into jobs', () => {
    const property = explain({}, { nestedId: 'sub' });
    expect(property('region')?.overrides).toEqual([]);
    expect(property('azkaban.job.id')).toBeUndefined();
  });
});

describe('outputsToCome', () => {
  it('names the predecessors of the job and of the flows around it', () => {
    const node = NODES[4] as PlanNode;
    expect(outputsToCome({ plan: PLAN, node, isToCome: () => true })).toEqual(['first', 'sub:x']);
    expect(outputsToCome({ plan: PLAN, node, isToCome: (index) => index === 1 })).toEqual(['first']);
  });
});
