import { describe, expect, it } from '@jest/globals';
import { projectFlowParameters } from '../index.js';
import { loadFiles } from '../testing/load-files.js';
import type { Files } from '../testing/load-files.js';

describe('Flow 1.0 files', () => {
  it('chain property files by name and by directory', async () => {
    const { definition, counts } = await loadFiles({
      'b.properties': 'x=b',
      'a.properties': 'x=a',
      'job.job': 'type=noop',
      'sub/c.properties': 'x=c',
      'sub/deep/inner.job': 'type=noop',
      'sub/.hidden.properties': 'x=hidden',
      '.hidden/secret.job': 'type=noop',
      'old.pull': 'type=noop',
      '.job': 'type=noop',
    });
    expect(definition.propertyFiles).toEqual({
      'a.properties': { properties: { x: 'a' } },
      'b.properties': { properties: { x: 'b' }, inherits: 'a.properties' },
      'sub/c.properties': { properties: { x: 'c' }, inherits: 'b.properties' },
    });
    expect(definition.jobs).toEqual({
      job: { properties: { type: 'noop' }, source: 'job.job', propertyFile: 'b.properties' },
      inner: { properties: { type: 'noop' }, source: 'sub/deep/inner.job', propertyFile: 'sub/c.properties' },
      secret: { properties: { type: 'noop' }, source: '.hidden/secret.job', propertyFile: 'b.properties' },
    });
    expect(counts).toEqual({ jobs: 3, propertiesFiles: 3 });
  });

  it('take what the loader reads from inherited property files too', async () => {
    const { definition, errors } = await loadFiles({
      'all.properties': 'type=command\ndependencies=first\nnotify.emails=N@X.org\nsuccess.emails=s@x.org , N@x.org',
      'sub/last.job': 'command=true\nfailure.emails=f@x.org,,',
      'first.job': 'dependencies=',
    });
    expect(errors).toEqual([]);
    expect(definition.flows).toEqual({
      last: {
        id: 'last',
        embedded: false,
        nodes: [
          { id: 'last', type: 'command', jobKey: 'last', dependsOn: ['first'], level: 1 },
          { id: 'first', type: 'command', jobKey: 'first', dependsOn: [], level: 0 },
        ],
        edges: [{ source: 'first', target: 'last' }],
        properties: {},
        failureEmails: ['f@x.org', 'n@x.org'],
        successEmails: ['s@x.org', 'n@x.org'],
        overrideEmails: [],
      },
    });
  });

  it('make a flow of every end job and of every root.node, sharing the nodes they have in common', async () => {
    const { definition } = await loadFiles({
      'a.job': 'type=noop',
      'b.job': 'type=noop\ndependencies=a\nroot.node=TRUE',
      'c.job': 'type=noop\ndependencies= b , a , b ,',
      'd.job': 'type=noop\ndependencies=b',
    });
    expect(nodesByFlow(definition.flows)).toEqual({ b: ['b', 'a'], c: ['c', 'b', 'a'], d: ['d', 'b', 'a'] });
    expect(definition.flows['c']?.edges).toEqual([
      { source: 'b', target: 'c' },
      { source: 'a', target: 'c' },
      { source: 'a', target: 'b' },
    ]);
    expect(definition.flows['c']?.nodes[1]).toBe(definition.flows['d']?.nodes[1]);
  });

  it('keep names that look like numbers or like parts of JavaScript objects', async () => {
    const { definition, errors } = await loadFiles({
      '7.job': 'type=noop',
      '__proto__.job': 'type=noop\ndependencies=7',
      'constructor.job': 'type=noop\ndependencies=__proto__',
    });
    expect(errors).toEqual([]);
    expect(nodesByFlow(definition.flows)).toEqual({ constructor: ['constructor', '__proto__', '7'] });
    expect(Object.keys(definition.jobs).sort()).toEqual(['7', '__proto__', 'constructor']);
  });

  it('decode text as UTF-8 and fall back to ISO-8859-1', async () => {
    const { definition } = await loadFiles({
      'utf8.job': 'type=noop\ncity=Köln',
      'latin.job': Buffer.from('type=noop\ncity=Köln', 'latin1'),
    });
    expect(definition.jobs['utf8']?.properties['city']).toBe('Köln');
    expect(definition.jobs['latin']?.properties['city']).toBe('Köln');
  });

  it('are valid without any job', async () => {
    const project = await loadFiles({ 'readme.txt': 'only resources' });
    expect(project).toMatchObject({ errors: [], warnings: [], counts: { jobs: 0, propertiesFiles: 0 } });
    expect(project.definition.flows).toEqual({});
  });

  it('bring flow parameters along in param_override.properties of the root', async () => {
    const files = {
      'param_override.properties': 'region=eu',
      'sub/param_override.properties': 'x=1',
      'a.job': 'type=noop',
    };
    const { definition } = await loadFiles(files);
    expect(projectFlowParameters(definition, 'a')).toEqual({ region: 'eu' });
  });
});

describe('errors of Flow 1.0', () => {
  it.each<[string, Files, readonly string[]]>([
    [
      'a name used twice, and whoever depends on it',
      { 'a.job': 'type=noop', 'x/a.job': 'type=noop', 'y/a.job': 'type=noop', 'b.job': 'type=noop\ndependencies=a' },
      ["Duplicate job names found 'a'.", 'b has ambiguous dependency a'],
    ],
    ['a missing type', { 'a.job': 'command=true' }, ["Job doesn't have type set 'a'."]],
    ['an unknown dependency', { 'a.job': 'type=noop\ndependencies=b' }, ['a cannot find dependency b']],
    ['a job that waits for itself', { 'a.job': 'type=noop\ndependencies=a' }, ['a has a self cycle']],
    [
      'a cycle, at the edge that closes it',
      {
        'a.job': 'type=noop\ndependencies=c',
        'b.job': 'type=noop\ndependencies=a',
        'c.job': 'type=noop\ndependencies=b',
        'end.job': 'type=noop\ndependencies=c',
      },
      ['Cyclical dependency found at c>>a'],
    ],
    ['the reserved name', { 'ROOT.job': 'type=noop' }, ['ROOT is not allowed as a name. Pick some other name.']],
    ['another case of the reserved name, which is fine', { 'root.job': 'type=noop' }, []],
    [
      'an embedded flow that is no flow',
      { 'a.job': 'type=flow\nflow.name=inner', 'inner.job': 'type=noop', 'end.job': 'type=noop\ndependencies=inner' },
      ["Flow a depends on inner but can't be found."],
    ],
    ['an embedded flow without a name', { 'a.job': 'type=flow' }, ["Flow a depends on null but can't be found."]],
    [
      'flows that embed each other',
      { 'a.job': 'type=flow\nflow.name=b', 'b.job': 'type=flow\nflow.name=a', 'c.job': 'type=flow\nflow.name=a' },
      ['Embedded flow cycle found in a->b', 'Embedded flow cycle found in b->a'],
    ],
    ['a flow that embeds itself', { 'a.job': 'type=flow\nflow.name=a' }, ['Embedded flow cycle found in a->a']],
    [
      'memory above the limits, also inherited',
      {
        'm.properties': 'Xms=2g',
        'a.job': 'type=noop\nXmx=3G',
        'b.job': 'type=noop\nXms=1G\nXmx=2048m',
        'c.job': 'type=noop\nXms=${x}',
      },
      [
        'a: Xms value has exceeded the allowed limit (max Xms = 1G)',
        'a: Xmx value has exceeded the allowed limit (max Xmx = 2G)',
      ],
    ],
    [
      'memory that is no size',
      { 'a.job': 'type=noop\nXmx=much' },
      ['a: Xmx value "much" is not a memory size; write for example 512m or 1G.'],
    ],
    [
      'broken escapes',
      { 'a.job': 'type=noop\nx=\\u12', 'p.properties': '\\uzzzz=1' },
      [
        expect.stringMatching(/^Error loading job file a\.job:/),
        expect.stringMatching(/^Error loading properties p\.properties:/),
      ] as never,
    ],
    [
      'callbacks',
      {
        'a.job': [
          'type=noop',
          'job.notification.started.0.url=http://x',
          'job.notification.success.1.url=http://post',
          'job.notification.success.1.method=POST',
          'job.notification.failure.1.url=http://put',
          'job.notification.failure.1.method=PUT',
          'job.notification.completed.1.url=http://long',
          'job.notification.completed.1.method=POST',
          `job.notification.completed.1.body=${'x'.repeat(4097)}`,
          'job.notification.completed.3.url=http://behind-a-gap',
          'job.notification.completed.3.method=PUT',
        ].join('\n'),
      },
      [
        "No POST body was specified for job callback 'http://post'",
        'POST body length is : 4097 which is larger than supported length of 4096',
        'Sequence number starts at 1, not 0',
        'Unsupported request method: PUT Only POST and GET are supported',
      ],
    ],
  ])('name %s', async (_title, files, errors) => {
    expect((await loadFiles(files)).errors).toEqual(errors);
  });

  it('mark broken edges and leave the flow visible', async () => {
    const { definition } = await loadFiles({
      'a.job': 'type=noop\ndependencies=nowhere,b',
      'b.job': 'type=noop\ndependencies=c',
      'c.job': 'type=noop\ndependencies=b',
    });
    expect(definition.flows['a']?.edges).toEqual([
      { source: 'nowhere', target: 'a', error: 'Dependency not found.' },
      { source: 'b', target: 'a' },
      { source: 'c', target: 'b' },
      { source: 'b', target: 'c', error: 'Cyclical dependencies found.' },
    ]);
  });

  it('come with the file they belong to', async () => {
    const { problems } = await loadFiles({ 'x/a.job': 'type=noop\ndependencies=b', 'y/c.job': 'command=true' });
    expect(problems).toEqual([
      expect.objectContaining({ severity: 'error', message: "Job doesn't have type set 'c'.", file: 'y/c.job' }),
      { severity: 'error', message: 'a cannot find dependency b', file: 'x/a.job' },
    ]);
  });

  it('do not include memory for a project that is exempt', async () => {
    const files = { 'a.job': 'type=noop\nXmx=3G' };
    expect((await loadFiles(files, { memoryCheckExempt: true })).errors).toEqual([]);
    expect((await loadFiles(files, { limits: { maxXmx: '4G' } })).errors).toEqual([]);
  });
});

describe('conditions of Flow 1.0', () => {
  it('may name jobs of their own and of earlier directories only', async () => {
    const { errors, definition } = await loadFiles({
      'a.job': 'type=noop\ncondition=${late:x} == 1',
      'm/b.job': 'type=noop\ndependencies=a\ncondition=one_success && ${a:x} == 1',
      'z/late.job': 'type=noop\ndependencies=b\ncondition=${b:x} == 1',
    });
    expect(errors).toEqual(["Invalid condition for a: late doesn't exist in the flow."]);
    expect(definition.flows['late']?.nodes[1]?.condition).toBe('one_success && ${a:x} == 1');
  });

  it('keep the text of Azkaban for an empty operand', async () => {
    const { errors } = await loadFiles({ 'a.job': 'type=noop\ncondition=1 ==' });
    expect(errors).toEqual(['Invalid condition fo a: operand is an empty string.']);
  });
});

describe('a cycle no flow contains', () => {
  const files = { 'a.job': 'type=noop\ndependencies=b', 'b.job': 'type=noop\ndependencies=a', 'ok.job': 'type=noop' };

  it('is a warning, since Azkaban takes such a project', async () => {
    const { errors, warnings, definition } = await loadFiles(files);
    expect(errors).toEqual([]);
    expect(warnings).toEqual([
      'Cyclical dependency found at a>>b. No flow contains these jobs, so they can never run: a, b.',
    ]);
    expect(Object.keys(definition.flows)).toEqual(['ok']);
  });

  it('is an error in strict mode', async () => {
    expect((await loadFiles(files, { strict: true })).errors).toEqual(['Cyclical dependency found at a>>b']);
  });
});

describe('job types', () => {
  it('are a warning when they are not among the known ones, and nothing when none are given', async () => {
    const files = {
      'a.job': 'type=hive',
      'b.job': 'type=hive',
      'c.job': 'type=noop',
      'd.job': 'type=flow\nflow.name=c',
    };
    expect((await loadFiles(files)).warnings).toEqual([]);
    const { errors, warnings } = await loadFiles(files, { knownJobTypes: new Set(['noop']) });
    expect(errors).toEqual([]);
    expect(warnings).toEqual(['Job type "hive" is not installed; it is used by a and 1 more.']);
  });
});

describe('large Flow 1.0 projects', () => {
  it('load a chain of 10,000 jobs', async () => {
    const { definition, errors, counts } = await loadFiles(jobFiles(10_000, (at) => (at === 0 ? [] : [at - 1])));
    expect(errors).toEqual([]);
    expect(counts.jobs).toBe(10_000);
    expect(definition.flows['j9999']?.nodes[0]).toMatchObject({ id: 'j9999', level: 9_999 });
  }, 60_000);

  it('load a fan of 1,000 jobs between two', async () => {
    const inner = Array.from({ length: 1_000 }, (_, at) => at + 1);
    const files = jobFiles(1_002, (at) => (at === 0 ? [] : at === 1_001 ? inner : [0]));
    const { definition } = await loadFiles(files);
    expect(definition.flows['j1001']).toMatchObject({ nodes: { length: 1_002 }, edges: { length: 2_000 } });
  }, 60_000);

  it('share the jobs of many flows, and stop where the lists alone would fill the memory', async () => {
    // 200 end jobs behind one chain of 1,000: 200,200 listed nodes, 1,200 objects.
    const files = jobFiles(1_200, (at) => (at === 0 ? [] : [Math.min(at - 1, 999)]));
    const { definition, errors } = await loadFiles(files);
    expect(errors).toEqual([]);
    const nodes = new Set(Object.values(definition.flows).flatMap((flow) => flow.nodes));
    const edges = new Set(Object.values(definition.flows).flatMap((flow) => flow.edges));
    expect([Object.keys(definition.flows).length, nodes.size, edges.size]).toEqual([200, 1_200, 1_199]);
    const limited = await loadFiles(files, { limits: { maxNodes: 100_000 } });
    expect(limited.errors).toEqual(['The flows of the project have more than 100000 nodes together.']);
  }, 60_000);

  it('refuse flows that double with every level of embedding', async () => {
    const files: Record<string, string> = { 'f0.job': 'type=noop' };
    for (let level = 1; level <= 30; level++) {
      files[`x${level}.job`] = `type=flow\nflow.name=f${level - 1}`;
      files[`f${level}.job`] = `type=flow\nflow.name=f${level - 1}\ndependencies=x${level}`;
    }
    const { errors } = await loadFiles(files);
    expect(errors).toContain(
      'Flow "f30" has 3221225470 jobs once its embedded flows are expanded; at most 1000000 are allowed.',
    );
  });
});

function jobFiles(count: number, needsOf: (at: number) => readonly number[]): Files {
  const files: Record<string, string> = {};
  for (let at = 0; at < count; at++) {
    files[`j${at}.job`] = `type=noop\ndependencies=${needsOf(at)
      .map((need) => `j${need}`)
      .join(',')}\n`;
  }
  return files;
}

function nodesByFlow(flows: Readonly<Record<string, { readonly nodes: readonly { readonly id: string }[] }>>) {
  return Object.fromEntries(Object.entries(flows).map(([id, flow]) => [id, flow.nodes.map((node) => node.id)]));
}
