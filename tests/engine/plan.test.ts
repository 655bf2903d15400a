import { describe, expect, it } from '@jest/globals';
import {
  DEFAULT_EXECUTION_OPTIONS,
  type DisabledJob,
  DomainError,
  type ExecutionOptions,
  type ExecutionPlan,
  type FlowDefinition,
  type PlanNode,
  type ProjectDefinition,
} from '@lockstep/domain';
import { planExecution } from '@lockstep/engine';

/** Nodes in a line each: `b: a` needs a; `sub = inner` embeds; `c: a if one_failed` has a condition. */
function aProject(flows: Readonly<Record<string, string>>, extra: Partial<FlowDefinition> = {}): ProjectDefinition {
  const definitions = Object.entries(flows).map(([id, text]) => [id, { ...aFlow(id, text), ...extra }] as const);
  return { format: 'flow1', flows: Object.fromEntries(definitions), jobs: {}, propertyFiles: {} };
}

function aFlow(id: string, text: string): FlowDefinition {
  const lines = text.split('\n').map((line) => line.trim());
  const nodes = lines.filter((line) => line !== '').map(aNode);
  const edges = nodes.flatMap((node) => node.dependsOn.map((source) => ({ source, target: node.id })));
  const lists = { failureEmails: [], successEmails: [], overrideEmails: [] };
  return { id, embedded: false, nodes, edges, properties: {}, ...lists };
}

function aNode(line: string): FlowDefinition['nodes'][number] {
  const [, id = '', embeds, needs = '', condition] =
    /^(\w+)(?: = (\w+))?(?:: ([\w ]+?))?(?: if (.+))?$/.exec(line) ?? [];
  return {
    id,
    type: embeds === undefined ? 'noop' : 'flow',
    jobKey: id,
    dependsOn: needs.split(' ').filter((need) => need !== ''),
    level: 0,
    ...(condition === undefined ? {} : { condition }),
    ...(embeds === undefined ? {} : { embeddedFlowId: embeds }),
  };
}

function plan(definition: ProjectDefinition, options: Partial<ExecutionOptions> = {}): ExecutionPlan {
  return planExecution({ definition, flowId: 'main', options: { ...DEFAULT_EXECUTION_OPTIONS, ...options } });
}

function node({ nodes, indexOf }: ExecutionPlan, nestedId: string): PlanNode {
  const found = nodes[indexOf.get(nestedId) ?? -1];
  if (found === undefined) throw new Error(`The plan has no ${nestedId}: ${[...indexOf.keys()].join(' ')}`);
  return found;
}

function ids({ nodes }: ExecutionPlan, indices: readonly number[]): readonly (string | undefined)[] {
  return indices.map((index) => nodes[index]?.nestedId);
}

const NESTED = aProject({
  main: `first
         sub = middle: first
         other = inner
         last: sub other`,
  middle: `a
           deep = inner: a
           b: deep`,
  inner: `x
          y: x
          z: x`,
});

describe('the plan of an execution', () => {
  it('has the execution itself as node 0 and every node at the index it says', () => {
    const made = plan(NESTED);
    expect(made.nodes[0]).toMatchObject({ index: 0, nestedId: '', kind: 'flow', flowId: 'main', disabled: false });
    expect(made.nodes[0]?.parent).toBeUndefined();
    expect(made.nodes.map(({ index }) => index)).toEqual(made.nodes.map((_, position) => position));
    expect(made.indexOf).toEqual(new Map(made.nodes.map(({ nestedId, index }) => [nestedId, index])));
  });

  it('expands embedded flows into copies of their own, named by the nodes around them', () => {
    const made = plan(NESTED);
    expect([...made.indexOf.keys()].sort()).toEqual(
      [
        '',
        ...['first', 'sub', 'other', 'last', 'sub:a', 'sub:deep', 'sub:b', 'sub:deep:x', 'sub:deep:y', 'sub:deep:z'],
        ...['other:x', 'other:y', 'other:z'],
      ].sort(),
    );
    expect(node(made, 'sub:deep:x')).toMatchObject({ id: 'x', kind: 'job', flowId: 'inner', jobKey: 'x' });
    expect(node(made, 'sub:deep')).toMatchObject({ kind: 'flow', flowId: 'middle', embeddedFlowId: 'inner' });
    expect(node(made, 'sub:deep:x').index).not.toBe(node(made, 'other:x').index);
  });

  it('links only siblings, in both directions and in declared order', () => {
    const made = plan(NESTED);
    expect(ids(made, node(made, 'last').dependencies)).toEqual(['sub', 'other']);
    expect(ids(made, node(made, 'other:x').dependants)).toEqual(['other:y', 'other:z']);
    expect(ids(made, node(made, 'sub:deep:x').dependants)).toEqual(['sub:deep:y', 'sub:deep:z']);
    for (const { index, dependencies, dependants, parent } of made.nodes) {
      for (const other of [...dependencies, ...dependants]) expect(made.nodes[other]?.parent).toBe(parent);
      for (const dependency of dependencies) expect(made.nodes[dependency]?.dependants).toContain(index);
    }
  });

  it.each([
    ['', ['first', 'sub', 'other', 'last'], ['first', 'other'], ['last']],
    ['sub', ['sub:a', 'sub:deep', 'sub:b'], ['sub:a'], ['sub:b']],
    ['sub:deep', ['sub:deep:x', 'sub:deep:y', 'sub:deep:z'], ['sub:deep:x'], ['sub:deep:y', 'sub:deep:z']],
    ['sub:deep:x', [], [], []],
  ])('knows children, start nodes and end nodes of "%s"', (nestedId, children, starts, ends) => {
    const made = plan(NESTED);
    const { children: found, startNodes, endNodes } = node(made, nestedId);
    expect(ids(made, found)).toEqual(children);
    expect(ids(made, startNodes)).toEqual(starts);
    expect(ids(made, endNodes)).toEqual(ends);
  });

  it('keeps unconnected nodes: they are start and end at once', () => {
    const made = plan(aProject({ main: 'a\nb' }));
    expect(ids(made, made.nodes[0]?.startNodes ?? [])).toEqual(['a', 'b']);
    expect(ids(made, made.nodes[0]?.endNodes ?? [])).toEqual(['a', 'b']);
  });

  it('plans a flow without nodes', () => {
    expect(plan(aProject({ main: '' })).nodes).toMatchObject([
      { nestedId: '', children: [], startNodes: [], endNodes: [] },
    ]);
  });

  it('reads conditions once, and leaves nodes without one alone', () => {
    const made = plan(aProject({ main: 'a\nb: a if one_failed\nc: a if all_done && ${a:x} == 1' }));
    expect(node(made, 'a')).not.toHaveProperty('condition');
    expect(node(made, 'b').condition).toEqual({ macro: 'one_failed', text: 'one_failed' });
    expect(node(made, 'c').condition).toMatchObject({ macro: 'all_done', expression: { kind: 'binary' } });
  });

  it('is the same for the same request', () => {
    const options = { disabledJobs: [{ id: 'first' }], pipelineLevel: 2, pipelineExecutionId: 7 };
    expect(plan(NESTED, options)).toEqual(plan(NESTED, options));
  });

  it('is refused for a flow that does not exist, naming it', () => {
    const request = { definition: NESTED, flowId: 'missing', options: DEFAULT_EXECUTION_OPTIONS };
    expect(() => planExecution(request)).toThrow(DomainError);
    expect(() => planExecution(request)).toThrow(/missing/);
  });

  it('takes threads and time limit from the request: 10 and none unless told', () => {
    const request = { definition: NESTED, flowId: 'main', options: DEFAULT_EXECUTION_OPTIONS };
    expect(planExecution(request).jobThreads).toBe(10);
    expect(planExecution(request)).not.toHaveProperty('timeoutMs');
    expect(planExecution({ ...request, jobThreads: 2, timeoutMs: 5 })).toMatchObject({ jobThreads: 2, timeoutMs: 5 });
  });

  it.each([
    ['the request', undefined, 'CANCEL_ALL', false, 'CANCEL_ALL'],
    ['the flow', 'FINISH_ALL_POSSIBLE', 'CANCEL_ALL', false, 'FINISH_ALL_POSSIBLE'],
    ['a request that overrides the flow', 'FINISH_ALL_POSSIBLE', 'CANCEL_ALL', true, 'CANCEL_ALL'],
  ] as const)('takes the failure action of %s', (_whose, ofFlow, failureAction, failureActionOverridden, expected) => {
    const definition = aProject({ main: 'a' }, ofFlow === undefined ? {} : { failureAction: ofFlow });
    expect(plan(definition, { failureAction, failureActionOverridden }).failureAction).toBe(expected);
  });

  it('expands chains of a thousand embedded flows', () => {
    const flows = Array.from({ length: 1_000 }, (_, level) => [
      `f${level}`,
      level === 999 ? 'job' : `n = f${level + 1}`,
    ]);
    const made = plan(aProject({ ...(Object.fromEntries(flows) as Record<string, string>), main: 'n = f0' }));
    expect(made.nodes).toHaveLength(1_002);
    expect(made.nodes.at(-1)?.nestedId).toBe(`${'n:'.repeat(1_000)}job`);
  });

  it('refuses an execution of more than half a million jobs', () => {
    const thousand = Array.from({ length: 1_000 }, (_, index) => `j${index}`).join('\n');
    const copies = Array.from({ length: 501 }, (_, index) => `n${index} = inner`).join('\n');
    expect(() => plan(aProject({ main: copies, inner: thousand }))).toThrow(/more than 500000 jobs/);
  });
});

describe('disabled jobs in a plan', () => {
  it.each<[string, readonly DisabledJob[], readonly string[]]>([
    ['nothing', [], []],
    ['a job', [{ id: 'first' }], ['first']],
    ['an embedded flow as a whole: the nodes inside stay as they are', [{ id: 'sub' }], ['sub']],
    ['a job inside an embedded flow', [{ id: 'sub', children: [{ id: 'a' }] }], ['sub:a']],
    ['an embedded flow without children named', [{ id: 'sub', children: [] }], []],
    [
      'all children, so that the embedded flow itself runs',
      [{ id: 'other', children: [{ id: 'x' }, { id: 'y' }, { id: 'z' }] }],
      ['other:x', 'other:y', 'other:z'],
    ],
    [
      'two levels down, in one of two copies',
      [{ id: 'sub', children: [{ id: 'deep', children: [{ id: 'x' }] }, { id: 'b' }] }],
      ['sub:b', 'sub:deep:x'],
    ],
    ['an inner embedded flow as a whole', [{ id: 'sub', children: [{ id: 'deep' }] }], ['sub:deep']],
    ['names nobody knows', [{ id: 'nobody' }, { id: 'sub', children: [{ id: 'nobody' }] }, { id: 'sub:a' }], []],
  ])('marks %s', (_what, disabledJobs, expected) => {
    const { nodes } = plan(NESTED, { disabledJobs });
    expect(
      nodes
        .filter(({ disabled }) => disabled)
        .map(({ nestedId }) => nestedId)
        .sort(),
    ).toEqual(expected);
  });
});

/** The flow of Azkaban's own pipeline tests, and an embedded flow that is itself an end. */
const PIPELINED = aProject({
  main: `pipeline1
         pipeline2: pipeline1
         three = inner: pipeline2
         four = inner: pipeline2
         pipeline5: three four
         after: pipeline5
         last = wrapped: after`,
  inner: `a
          b: a
          c: a
          d: b c`,
  wrapped: `core = inner
            tail: core`,
});

describe('what a pipelined job waits for in the older execution', () => {
  function waits(pipelineLevel: number, nestedId: string): readonly string[] {
    return node(plan(PIPELINED, { pipelineLevel, pipelineExecutionId: 41 }), nestedId).waitsFor;
  }

  it('is nothing unless a level and an older execution are given', () => {
    for (const options of [{}, { pipelineLevel: 1 }, { pipelineExecutionId: 41 }]) {
      expect(plan(PIPELINED, options).nodes.every(({ waitsFor }) => waitsFor.length === 0)).toBe(true);
    }
    expect(plan(PIPELINED, { pipelineLevel: 1, pipelineExecutionId: 41 }).pipelineExecutionId).toBe(41);
  });

  it.each([1, 2, 3])('is nothing for an embedded flow: only its jobs wait (level %i)', (level) => {
    const made = plan(PIPELINED, { pipelineLevel: level, pipelineExecutionId: 41 });
    for (const { kind, waitsFor } of made.nodes) expect(waitsFor.length > 0).toBe(kind === 'job');
  });

  it.each(['pipeline1', 'three:a', 'three:d', 'last:core:d'])('is the same job on level 1: %s', (nestedId) => {
    expect(waits(1, nestedId)).toEqual([nestedId]);
  });

  it.each([
    ['a job and its dependants', 'after', ['after', 'last:core:a']],
    ['dependants inside an embedded flow', 'three:a', ['three:a', 'three:b', 'three:c']],
    ['the start nodes of dependants that are embedded flows', 'pipeline2', ['pipeline2', 'three:a', 'four:a']],
    ['what follows the embedded flow, for its end node', 'three:d', ['three:d', 'pipeline5']],
    ['itself alone, for an end node of an embedded flow that nothing follows', 'last:tail', ['last:tail']],
    ['what follows an inner embedded flow, for its end node', 'last:core:d', ['last:core:d', 'last:tail']],
  ])('is on level 2 %s', (_what, nestedId, expected) => {
    expect([...waits(2, nestedId)].sort()).toEqual([...expected].sort());
  });

  it('is on level 2 itself alone for an end node of the whole flow', () => {
    const made = plan(aProject({ main: 'a\nb: a' }), { pipelineLevel: 2, pipelineExecutionId: 41 });
    expect(node(made, 'b').waitsFor).toEqual(['b']);
  });

  it.each(['pipeline1', 'four:b', 'last:tail'])(
    'is the whole older execution on level 3: all its ends, for %s',
    (nestedId) => {
      expect(waits(3, nestedId)).toEqual(['last:tail']);
    },
  );

  it('is on level 3 all ends, those inside embedded ends included', () => {
    const definition = aProject({ main: 'a\nsub = inner: a\nb: a', inner: 'x\ny: x\nz: x' });
    const made = plan(definition, { pipelineLevel: 3, pipelineExecutionId: 41 });
    expect([...node(made, 'a').waitsFor].sort()).toEqual(['b', 'sub:y', 'sub:z']);
  });
});
