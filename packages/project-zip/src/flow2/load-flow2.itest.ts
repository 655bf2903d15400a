import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { projectFlowParameters } from '../index.js';
import { loadFiles, loadFlowFiles } from '../testing/load-files.js';

describe('the choice of the loader', () => {
  const CHOSEN = { definition: { format: 'flow2' }, problems: [] };
  const INVALID = 'Invalid azkaban-flow-version in the project YAML file.';
  const MISSING = 'azkaban-flow-version is not specified in the project YAML file.';
  const UNREADABLE = 'Error reading project YAML file.';

  it.each(['2.0', '2.00', '+2.0', '20.0e-1', ' 2.0 # yes'])('accepts the version %s', async (version) => {
    expect(await loadFiles({ 'any.project': `azkaban-flow-version: ${version}` })).toMatchObject(CHOSEN);
  });

  it.each([
    ['azkaban-flow-version: 2', INVALID],
    ["azkaban-flow-version: '2.0'", INVALID],
    ['azkaban-flow-version: 1.0', INVALID],
    ['azkaban-flow-version:', INVALID],
    ['azkaban-flow-version: [2.0]', INVALID],
    ['other: 2.0', MISSING],
    ['', MISSING],
    ['- 2.0', MISSING],
    ['just text', MISSING],
    ['a: "', UNREADABLE],
    ['['.repeat(50_000), UNREADABLE],
  ])('refuses the project file %.40j', async (content, fatal) => {
    const project = await loadFiles({ 'p.project': content, 'a.job': 'type=noop' });
    expect(project).toMatchObject({ fatal, errors: [], definition: { flows: {} } });
    expect(project.problems).toEqual([expect.objectContaining({ message: fatal, file: 'p.project' })]);
  });

  it('looks into sub-directories while a directory has no project file, and makes everything Flow 2.0', async () => {
    const { definition, counts } = await loadFiles({
      '.hidden.project': 'nonsense: [',
      '.project': 'nonsense: [',
      'x/p.project': 'azkaban-flow-version: 2.0',
      'x/deeper/q.project': 'never: read',
      'a.job': 'type=noop',
      'y/main.flow': 'nodes: [{name: a, type: noop}]',
      '__MACOSX/y/._main.flow': Buffer.from([0, 5, 22, 7]),
    });
    expect(Object.keys(definition.flows)).toEqual(['main']);
    expect(counts).toEqual({ jobs: 1, propertiesFiles: 0 });
  });

  it('refuses thin archives and folders that are not there', async () => {
    const thin = await loadFiles({
      'app-meta/startup-dependencies.json': '{"dependencies": []}',
      'a.job': 'type=noop',
    });
    expect(thin.fatal).toBe('Thin archive support is not yet enabled on this cluster.');
    const { loadProject } = await import('../index.js');
    expect((await loadProject({ dir: '/nowhere/at/all' })).fatal).toBe(
      'Error reading project directory. Input is not a directory or IO error happens.',
    );
  });
});

describe('Flow 2.0 files', () => {
  it('keep every value of config as it is written', async () => {
    const { definition, errors } = await loadFlowFiles({
      'main.flow': `
        config: {empty: , nothing: ~, text: 'null', quoted: "a\\tb"}
        nodes:
          - name: 7
            type: noop
            config:
              mode: 0644
              price: 1.50
              yes: yes
              no: No
              day: 2020-01-01
              hex: 0x1F
              big: 123456789012345678901
              time: 12:30:45
              tagged: !!int 5
              folded: two
                lines
              block: |
                a
                 b
      `,
    });
    expect(errors).toEqual([]);
    expect(definition.flows['main']?.properties).toEqual({
      empty: '',
      nothing: '',
      text: 'null',
      quoted: 'a\tb',
      type: 'flow',
    });
    expect(definition.jobs['main:7']).toEqual({
      properties: {
        mode: '0644',
        price: '1.50',
        yes: 'yes',
        no: 'No',
        day: '2020-01-01',
        hex: '0x1F',
        big: '123456789012345678901',
        time: '12:30:45',
        tagged: '5',
        folded: 'two lines',
        block: 'a\n b\n',
        type: 'noop',
      },
      source: '',
    });
  });

  it('keep any text of a value through YAML', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
        const content = `nodes: [{name: a, type: noop, config: {k: ${JSON.stringify(text)}}}]`;
        const { definition } = await loadFlowFiles({ 'main.flow': content });
        expect(definition.jobs['main:a']?.properties['k']).toBe(text);
      }),
      { numRuns: 25 },
    );
  });

  it('share config through anchors and merge keys', async () => {
    const { definition, errors } = await loadFlowFiles({
      'main.flow': `
        nodes:
          - {name: a, type: noop, config: &base {x: 1, y: 2}}
          - {name: b, type: noop, config: {y: 3, <<: *base}}
          - {name: c, type: noop, config: *base}
      `,
    });
    expect(errors).toEqual([]);
    expect(definition.jobs['main:b']?.properties).toEqual({ x: '1', y: '3', type: 'noop' });
    expect(definition.jobs['main:c']?.properties).toEqual({ x: '1', y: '2', type: 'noop' });
  });

  it('make a flow of the file and of every embedded node', async () => {
    const { definition, errors, counts } = await loadFlowFiles({
      'sub/main.flow': `
        name: ignored
        type: ignored
        config:
          failure.action: Finish_All_Possible
          failure.emails: A@x.org, b@x.org
          notify.emails: c@x.org
          param.override.region: eu
        nodes:
          - {name: end, type: noop, dependsOn: [inner, first, first]}
          - {name: first, type: command, config: {command: ls}}
          - name: inner
            type: flow
            config: {region: us, success.emails: x@x.org}
            dependsOn: [first]
            condition: all_done
            nodes:
              - {name: first, type: noop}
              - {name: second, type: noop, dependsOn: [first]}
      `,
    });
    expect(errors).toEqual([]);
    expect(counts.jobs).toBe(5);
    expect(definition.flows['main']).toEqual({
      id: 'main',
      embedded: false,
      nodes: [
        { id: 'end', type: 'noop', jobKey: 'main:end', dependsOn: ['inner', 'first'], level: 2 },
        { id: 'first', type: 'command', jobKey: 'main:first', dependsOn: [], level: 0 },
        {
          id: 'inner',
          type: 'flow',
          jobKey: 'main:inner',
          dependsOn: ['first'],
          level: 1,
          condition: 'all_done',
          embeddedFlowId: 'main:inner',
        },
      ],
      edges: [
        { source: 'inner', target: 'end' },
        { source: 'first', target: 'end' },
        { source: 'first', target: 'inner' },
      ],
      properties: {
        'failure.action': 'Finish_All_Possible',
        'failure.emails': 'A@x.org, b@x.org',
        'notify.emails': 'c@x.org',
        'param.override.region': 'eu',
        type: 'flow',
      },
      failureEmails: ['a@x.org', 'b@x.org', 'c@x.org'],
      successEmails: ['c@x.org'],
      overrideEmails: [],
      failureAction: 'FINISH_ALL_POSSIBLE',
    });
    expect(definition.flows['main:inner']).toMatchObject({
      embedded: true,
      nodes: [{ id: 'first' }, { id: 'second' }],
    });
    expect(definition.jobs['main:inner:second']).toEqual({ properties: { type: 'noop' }, source: '' });
    expect(projectFlowParameters(definition, 'main')).toEqual({ region: 'eu' });
  });

  it('may have no nodes', async () => {
    const { definition, errors } = await loadFlowFiles({ 'main.flow': 'nodes: []' });
    expect(errors).toEqual([]);
    expect(definition.flows['main']).toMatchObject({ nodes: [], edges: [] });
  });

  it('warn of an unknown failure action and use none', async () => {
    const { definition, warnings } = await loadFlowFiles({
      'main.flow': 'config: {failure.action: explode}\nnodes: []',
    });
    expect(warnings).toEqual([
      'Flow "main" has the unknown failure.action "explode"; use one of finish_currently_running, cancel_all, finish_all_possible.',
    ]);
    expect(definition.flows['main']).not.toHaveProperty('failureAction');
  });

  it('let the last of a repeated key count, with a warning, and refuse it in strict mode', async () => {
    const files = { 'main.flow': 'nodes:\n- name: a\n  type: command\n  config:\n    x: 1\n    x: 2\n' };
    const { definition, warnings, problems } = await loadFlowFiles(files);
    expect(definition.jobs['main:a']?.properties['x']).toBe('2');
    expect(warnings).toEqual(['main.flow: key "x" is there twice; the last one counts (line 6).']);
    expect(problems).toMatchObject([{ severity: 'warning', file: 'main.flow', line: 6 }]);
    expect((await loadFlowFiles(files, { strict: true })).errors).toEqual([
      'Error loading flow yaml file main.flow:Key "x" is there twice (line 6).',
    ]);
  });
});

describe('flow files that cannot be loaded', () => {
  const job = '{name: a, type: noop}';
  it.each([
    ['an unknown key', `retries: 1\nnodes: [${job}]`, /Unknown key "retries" in the flow; known keys are name, /],
    [
      'an unknown key of a node',
      'nodes: [{name: a, type: noop, depends: [b]}]',
      /Unknown key "depends" in an item of "nodes"/,
    ],
    [
      'a list in config',
      `nodes: [{name: a, type: noop, config: {x: [1]}}]`,
      /"X" in .*must be a single value, not a list/i,
    ],
    ['a map in config', `config: {x: {y: 1}}\nnodes: [${job}]`, /must be a single value, not a map/],
    ['a dependsOn that is no list', 'nodes: [{name: a, type: noop, dependsOn: b}]', /must be a list/],
    ['an empty dependency', 'nodes: [{name: a, type: noop, dependsOn: [ ~ ]}]', /is empty/],
    ['an empty file', '', /^Failed to load flow file main\.flow\. Node bean is null \.$/],
    ['nothing but comments', '# later\n---\n', /Node bean is null/],
    ['a file without nodes', 'config: {x: 1}', /Flow "main" has no nodes/],
    ['an embedded flow without nodes', 'nodes: [{name: sub, type: flow}]', /Flow "sub" has no nodes/],
    ['a node without a name', 'nodes: [{type: noop}]', /A node has no name \(line 1\)/],
    ['a node without a type', 'nodes: [{name: a}]', /Node "a" has no type/],
    ['a list', '- a', /The flow must be a map \(line 1\)/],
    ['broken YAML', 'nodes:\n  - name: "a', /Missing closing "quote \(line 2\)/],
    ['two documents', 'nodes: []\n---\nnodes: []\n', /second document/],
    ['an alias to itself', 'nodes: &a [*a]', /The alias \*a has no complete anchor before it/],
    ['brackets without end', `nodes: ${'['.repeat(100_000)}`, /nested more than 100 deep/],
    ['dashes without end', '- '.repeat(50_000), /nested more than 100 deep/],
    ['embedding without end', deepFlow(120), /nested more than 100 deep/],
    ['a bomb of aliases', aliasBomb(), /more than 500000 values/],
  ])('say so: %s', async (_title, content, reason) => {
    const { errors, problems, definition } = await loadFlowFiles({
      'x/main.flow': content,
      'good.flow': `nodes: [${job}]`,
    });
    expect(errors).toHaveLength(1);
    const [, text = ''] = /^Error loading flow yaml file main\.flow:(.*)$/s.exec(errors[0] ?? '') ?? [];
    expect(text).toMatch(reason);
    expect(problems[0]?.file).toBe('x/main.flow');
    expect(Object.keys(definition.flows)).toEqual(['good']);
  });

  it('say so: more values than the limit, before they are all parsed', async () => {
    const content = `x: [${'a,'.repeat(5_000)}`; // Broken at its end, which is never reached.
    const { errors } = await loadFlowFiles({ 'main.flow': content }, { limits: { maxYamlValues: 1_000 } });
    expect(errors).toEqual([
      'Error loading flow yaml file main.flow:There are more than 1000 values once all aliases are expanded (line 1).',
    ]);
  });

  it('are refused before they are read when they are larger than the limit', async () => {
    const big = `# ${'x'.repeat(1024 * 1024)}\nnodes: []`;
    expect(await loadFlowFiles({ 'main.flow': big }, { limits: { maxFlowFileMb: 1 } })).toMatchObject({
      fatal: 'Flow file length exceeds 1 MB limit.',
      errors: [],
      problems: [{ file: 'main.flow' }],
    });
  });
});

describe('structural checks of Flow 2.0', () => {
  const MESSAGE =
    'Failed to validate nodeBean for main.flow. Duplicate nodes found or dependency undefined or ROOT used as a name.';
  const faults = [
    ['duplicate names', '[{name: 1, type: noop}, {name: "1", type: noop}]', 'has two nodes called "1"'],
    ['an unknown dependency', '[{name: a, type: noop, dependsOn: [b]}]', '"a" depends on "b"'],
    ['the name ROOT', '[{name: ROOT, type: noop}]', 'is called ROOT'],
  ] as const;

  it.each(faults)('refuse %s at the top and inside an embedded flow', async (_title, nodes, hint) => {
    const nested = `[{name: sub, type: flow, nodes: [{name: deep, type: flow, nodes: ${nodes}}]}]`;
    for (const list of [nodes, nested]) {
      const { errors, problems, definition } = await loadFlowFiles({ 'main.flow': `nodes: ${list}` });
      expect(errors).toEqual([MESSAGE]);
      expect(problems).toEqual([expect.objectContaining({ hint: expect.stringContaining(hint), line: 1 })]);
      expect(definition.flows).toEqual({});
    }
  });

  it('find cycles at every level and still show the flows', async () => {
    const loop =
      '[{name: a, type: noop, dependsOn: [b]}, {name: b, type: noop, dependsOn: [a]}, {name: c, type: noop, dependsOn: [c]}]';
    const { errors, definition } = await loadFlowFiles({
      'main.flow': `nodes: [{name: sub, type: flow, nodes: ${loop}}]`,
    });
    expect(errors).toEqual(['Cycles found at a>>b', 'Cycles found at c>>c']);
    expect(definition.flows['main:sub']?.edges).toEqual([
      { source: 'b', target: 'a' },
      { source: 'a', target: 'b', error: 'Cycles found.' },
      { source: 'c', target: 'c', error: 'Cycles found.' },
    ]);
  });

  it('want flow names to be unique over all directories', async () => {
    const { errors } = await loadFlowFiles({ 'main.flow': 'nodes: []', 'x/main.flow': 'nodes: []' });
    expect(errors).toEqual(['Duplicate flows found in the project with name main']);
  });

  it('check memory and callbacks of every node', async () => {
    const { errors } = await loadFlowFiles({
      'main.flow': `
        nodes:
          - {name: a, type: noop, config: {Xms: 2G, Xmx: '\${memory}'}}
          - name: sub
            type: flow
            nodes: [{name: b, type: noop, config: {Xmx: 4096m, job.notification.started.1.url: http://x, job.notification.started.1.method: PUT}}]
      `,
    });
    expect(errors).toEqual([
      'Unsupported request method: PUT Only POST and GET are supported',
      'main:a: Xms value has exceeded the allowed limit (max Xms = 1G)',
      'main:sub:b: Xmx value has exceeded the allowed limit (max Xmx = 2G)',
    ]);
  });

  it('want names that fit', async () => {
    const { errors } = await loadFlowFiles({ [`${'f'.repeat(129)}.flow`]: 'nodes: []' });
    expect(errors).toEqual([expect.stringMatching(/^Flow name "f+" has 129 characters; at most 128 are allowed\.$/)]);
  });
});

describe('conditions of Flow 2.0', () => {
  it.each([
    ['${a:x} == 1 && one_success', []],
    [
      'true',
      ['Invalid condition for b: cannot resolve the condition. Please check the syntax for supported conditions.'],
    ],
    ['${end:x} == 1', ['Invalid condition for b: should not define condition on its descendant node end.']],
    ['${side:x} == 1', []],
    ['${far:x} == 1', []],
    ['${inner:x} == 1', ["Invalid condition for b: inner doesn't exist in the flow."]],
    ['', ['Invalid condition for b: operand is an empty string.']],
  ])('with the text %j give %j', async (condition, expected) => {
    const { errors } = await loadFlowFiles({
      'main.flow': `
        nodes:
          - {name: a, type: noop}
          - {name: b, type: noop, dependsOn: [a], condition: ${JSON.stringify(condition)}}
          - {name: end, type: noop, dependsOn: [b]}
          - {name: side, type: noop}
          - {name: far, type: noop, dependsOn: [far2]}
          - {name: far2, type: noop, dependsOn: [far3]}
          - {name: far3, type: noop}
          - {name: sub, type: flow, nodes: [{name: inner, type: noop}]}
      `,
    });
    expect(errors).toEqual(expected);
  });

  it('read a bare true as text', async () => {
    const { errors } = await loadFlowFiles({ 'main.flow': 'nodes: [{name: b, type: noop, condition: true}]' });
    expect(errors).toEqual([
      'Invalid condition for b: cannot resolve the condition. Please check the syntax for supported conditions.',
    ]);
  });
});

describe('triggers', () => {
  const CRON = 'schedule: {type: cron, value: 0 0 1 ? * *}';
  it.each([
    ['maxWaitMins: 5', 'flow trigger schedule must not be null'],
    ['schedule:', 'flow trigger schedule must not be null'],
    ['schedule: {type: interval, value: 5}', 'flow trigger schedule type must be cron'],
    ['schedule: {type: cron}', 'flow trigger schedule value must be a valid cron expression'],
    ['schedule: {type: cron, value: 1 2 3}', 'flow trigger schedule value must be a valid cron expression'],
    ['schedule: {type: cron, value: "* 0 1 ? * *"}', 'interval of flow trigger schedule has to be larger than 1 min'],
    ['schedule: {type: cron, value: "00 0 1 ? * *"}', 'interval of flow trigger schedule has to be larger than 1 min'],
    ['schedule: {type: cron, value: 0 0 1 ? * *, zone: UTC}', 'flow trigger schedule must contain type and value only'],
    [`${CRON}, triggerDependencies: [{type: t}], maxWaitMins: 0`, 'dependency name is required'],
    [`${CRON}, triggerDependencies: [{name: d}]`, 'dependency type is required for d'],
    [
      `${CRON}, triggerDependencies: [{name: d, type: t}, {name: d, type: u}]`,
      'duplicate dependency.name d found, dependency.name should be unique',
    ],
    [
      `${CRON}, triggerDependencies: [{name: d, type: t, params: {a: 1, b: 2}}, {name: e, type: t, params: {b: 2, a: 1}}]`,
      'duplicate dependencyconfig d found, dependency config should be unique',
    ],
    [
      `${CRON}, triggerDependencies: [{name: d, type: t}]`,
      'max wait min cannot be null unless no dependency is defined',
    ],
    [`${CRON}, triggerDependencies: [{name: d, type: t}], maxWaitMins: 0`, 'max wait min must be at least 1 min(s)'],
    [`${CRON}, maxWaitMins: -1`, 'max wait min must be at least 1 min(s)'],
  ])('with {%s} are refused: %s', async (trigger, message) => {
    const { errors, definition } = await loadFlowFiles({ 'main.flow': `trigger: {${trigger}}\nnodes: []` });
    expect(errors).toEqual([`Error loading flow yaml file main.flow:${message}`]);
    expect(definition.flows).toEqual({});
  });

  it('are kept, with the waiting time cut at ten days', async () => {
    const content = `trigger: {${CRON}, maxWaitMins: 99999, triggerDependencies: [{name: d, type: t, params: {n: 007}}]}\nnodes: []`;
    const { definition } = await loadFlowFiles({ 'main.flow': content });
    expect(definition.flows['main']?.trigger).toEqual({
      cron: '0 0 1 ? * *',
      maxWaitMinutes: 14_400,
      dependencies: [{ name: 'd', type: 't', params: { n: '007' } }],
    });
  });

  it('ask whoever knows cron expressions', async () => {
    const asked: string[] = [];
    const isQuartzCron = (text: string): boolean => {
      asked.push(text);
      return false;
    };
    const { errors } = await loadFlowFiles({ 'main.flow': `trigger: {${CRON}}\nnodes: []` }, { isQuartzCron });
    expect(asked).toEqual(['0 0 1 ? * *']);
    expect(errors).toHaveLength(1);
  });
});

describe('large flow files', () => {
  it('load 10,000 nodes, each with a condition on the one before', async () => {
    const nodes = Array.from({ length: 10_000 }, (_, at) => {
      const before = at === 0 ? '' : `, dependsOn: [n${at - 1}], condition: '\${n${at - 1}:x} == 1'`;
      return `- {name: n${at}, type: noop${before}}`;
    });
    const { definition, errors } = await loadFlowFiles({ 'main.flow': `nodes:\n${nodes.join('\n')}` });
    expect(errors).toEqual([]);
    expect(definition.flows['main']?.nodes.at(-1)).toMatchObject({ id: 'n9999', level: 9_999 });
  }, 60_000);
});

function deepFlow(levels: number): string {
  return `nodes: ${'[{name: s, type: flow, nodes: '.repeat(levels)}[]${'}]'.repeat(levels)}`;
}

function aliasBomb(): string {
  const lines = ['config: &c0 {x: 1}'];
  for (let level = 1; level <= 30; level++) lines.push(`k${level}: &c${level} [*c${level - 1}, *c${level - 1}]`);
  return lines.join('\n');
}
