import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DEFAULT_EXECUTION_OPTIONS, DomainError } from '@lockstep/domain';
import { aDetail, aPlanNode, aProject, anExecution } from '../fakes/fake-services.js';
import { type Answer, type TestServer, startTestServer } from '../fakes/test-server.js';

let server: TestServer;
let session = '';
beforeAll(async () => {
  server = await startTestServer();
  session = await server.login();
});
afterAll(() => server.stop());
beforeEach(() => {
  const { world } = server;
  world.projects.set('demo', aProject('demo'));
  world.executions.clear();
  world.submitted.length = 0;
  world.reruns.length = 0;
  world.running = [];
  world.onSubmit = () => undefined;
  world.executions.set(301, anExecution(301));
  world.executions.set(
    302,
    anExecution(302, { status: 'SUCCEEDED', startedAt: 1407779473354, endedAt: 1407779495093 }),
  );
});

const ajax = async (query: string, id = session): Promise<string> =>
  (await server.call(`/executor?ajax=${query}&session.id=${id}`)).text;

describe('executeFlow', () => {
  const QUEUED = 'Execution queued successfully with exec id 295';
  const answer = (message: string): string =>
    `{\n  "project" : "demo",\n  "message" : ${JSON.stringify(message)},\n  "flow" : "test",\n  "execid" : 295\n}`;

  it('answers project, message, flow and execid, by GET and POST', async () => {
    expect(await ajax('executeFlow&project=demo&flow=test')).toBe(answer(QUEUED));
    const post = await server.call('/executor?ajax=executeFlow', {
      form: `project=demo&flow=test&disabled=["a"]&concurrentOption=concurrent&session.id=${session}`,
    });
    expect(post.text).toBe(answer(QUEUED));
    expect(server.world.submitted[1]?.options).toMatchObject({
      disabledJobs: [{ id: 'a' }],
      concurrentOption: 'ignore',
    });
  });

  it.each([
    ['ignore', 'Flow test is already running with exec id 301,303. Will execute concurrently. \n'],
    ['pipeline&pipelineLevel=2', 'Flow test is already running with exec id 303. Pipelining level 2. \n'],
  ])('says what runs beside it with concurrentOption=%s', async (option, prefix) => {
    server.world.running = [301, 303];
    expect(await ajax(`executeFlow&project=demo&flow=test&concurrentOption=${option}`)).toBe(answer(prefix + QUEUED));
  });

  const refused = (error: string): string =>
    `{\n  "project" : "demo",\n  "error" : ${JSON.stringify(error)},\n  "flow" : "test",\n  "execid" : -1\n}`;
  const both = (text: string): string =>
    `{\n  "project" : "demo",\n  "message" : "${text}",\n  "error" : "${text}",\n  "flow" : "test",\n  "execid" : -1\n}`;
  const LOCKED = 'Flow test for project demo is locked.';
  const FULL = 'Failed to submit test for project demo. Azkaban has overrun its webserver queue capacity';

  it.each([
    [
      new DomainError('execution.already-running', { flow: 'test' }),
      refused('Error submitting flow test. Flow test is already running. Skipping execution.'),
    ],
    [
      new DomainError('execution.too-many-runs', { flow: 'test', limit: 30 }),
      refused('Error submitting flow test. Flow test has more than 30 concurrent runs. Skipping'),
    ],
    [new DomainError('flow.locked', { flow: 'test', project: 'demo' }), both(LOCKED)],
    [new DomainError('flow.locked', { flow: 'test', project: 'demo', message: 'Moving house' }), both('Moving house')],
    [new DomainError('execution.queue-full', { limit: 5 }), both(FULL)],
    [
      new DomainError('execution.bad-options', { reason: 'flowPriority should be an integer' }),
      '{\n  "project" : "demo",\n  "error" : "Error parsing flow options: flowPriority should be an integer",\n  "flow" : "test"\n}',
    ],
  ])('refuses: %s', async (error, text) => {
    server.world.onSubmit = () => {
      throw error;
    };
    expect(await ajax('executeFlow&project=demo&flow=test')).toBe(text);
  });

  const NO_PROJECT = (name: string): string =>
    `{\n  "project" : "${name}",\n  "error" : "Project '${name}' doesn't exist."\n}`;

  it('does not tell a missing project from a missing permission, whatever the options', async () => {
    const reader = await server.login('reader');
    expect(await ajax('executeFlow&project=x&flow=test')).toBe(NO_PROJECT('x'));
    expect(await ajax('executeFlow&project=demo&flow=test', reader)).toBe(NO_PROJECT('demo'));
    expect(await ajax('executeFlow&project=demo&flow=test&concurrentOption=pipeline', reader)).toBe(NO_PROJECT('demo'));
  });

  it('names a flow it does not find and options it cannot read', async () => {
    expect(await ajax('executeFlow&project=demo&flow=x')).toBe(
      '{\n  "project" : "demo",\n  "error" : "Flow \'x\' cannot be found in project demo",\n  "flow" : "x"\n}',
    );
    expect(await ajax('executeFlow&project=demo&flow=test&concurrentOption=pipeline')).toContain(
      "Error parsing flow options: Missing required parameter 'pipelineLevel'.",
    );
    const broken = await server.call(
      `/executor?ajax=executeFlow&project=demo&flow=test&disabled=[&session.id=${session}`,
    );
    expect(broken.status).toBe(500);
  });
});

describe('executeFlow with onlyJob, an extension', () => {
  it('runs one job, alone or with everything before it', async () => {
    await ajax('executeFlow&project=demo&flow=test&onlyJob=sub:b');
    await ajax('executeFlow&project=demo&flow=test&onlyJob=b&withAncestors=true');
    await ajax('executeFlow&project=demo&flow=test&onlyJob=');
    expect(server.world.submitted.map(({ only }) => only)).toEqual([
      { nestedIds: ['sub:b'], withAncestors: false },
      { nestedIds: ['b'], withAncestors: true },
      undefined,
    ]);
  });

  it('names a job it does not find', async () => {
    server.world.onSubmit = () => {
      throw new DomainError('job.not-found', { flow: 'test', job: 'x' });
    };
    expect(await ajax('executeFlow&project=demo&flow=test&onlyJob=x')).toBe(
      '{\n  "project" : "demo",\n  "error" : "Job x not found in flow test",\n  "flow" : "test"\n}',
    );
  });
});

describe('rerun, an extension', () => {
  const ACCEPTED =
    '{\n  "project" : "demo",\n  "message" : "Execution queued successfully with exec id 296",\n  "flow" : "test",\n  "execid" : 296\n}';

  it('answers as executeFlow does, from the failure on by default', async () => {
    expect(await ajax('rerun&execid=302')).toBe(ACCEPTED);
    expect(await ajax('rerun&execid=302&from=start&version=same')).toBe(ACCEPTED);
    expect(server.world.reruns).toEqual([
      { id: 302, from: 'failure', version: 'newest' },
      { id: 302, from: 'start', version: 'same' },
    ]);
  });

  it.each([
    [
      new DomainError('execution.still-running', { execution: 302, flow: 'test' }),
      /^\{\n {2}"error" : "Execution 302 of flow test has not ended;/,
    ],
    [new DomainError('execution.bad-options', { reason: 'bad' }), /^\{\n {2}"error" : "bad"\n\}$/],
    [
      new DomainError('execution.already-running', { project: 'demo', flow: 'test' }),
      /"error" : "Error submitting flow test\. Flow test is already running\. Skipping execution\.",\n {2}"flow" : "test",\n {2}"execid" : -1/,
    ],
  ])('refuses: %s', async (error, text) => {
    server.world.onSubmit = () => {
      throw error;
    };
    expect(await ajax('rerun&execid=302')).toMatch(text);
  });

  it('needs an execution, EXECUTE and words it knows', async () => {
    expect(await ajax('rerun&execid=9')).toBe(`{\n  "error" : "Cannot find execution '9'"\n}`);
    expect(await ajax('rerun&execid=302', await server.login('reader'))).toBe(
      `{\n  "error" : "User 'reader' doesn't have EXECUTE permissions on demo"\n}`,
    );
    const unknown = await server.call(`/executor?ajax=rerun&execid=302&from=middle&session.id=${session}`);
    expect([unknown.status, unknown.text]).toEqual([500, expect.stringContaining("'from' is 'middle'")]);
    expect(server.world.reruns).toEqual([]);
  });
});

describe('the retries of an execution', () => {
  const show = async (retries: object) => {
    const detail = aDetail(anExecution(301), [aPlanNode(0, 'test', { nestedId: '', kind: 'flow' })], []);
    server.world.details.set(301, { ...detail, retries: retries as never });
    const text = await ajax('fetchexecflow&execid=301');
    server.world.details.delete(301);
    return JSON.parse(text) as Record<string, unknown>;
  };

  it('stand behind execid, ids that are unset as -1', async () => {
    const shown = await show({ statuses: 'FAILED', strategy: 'retryAsNew', count: 0, max: 2 });
    expect(Object.keys(shown).slice(4, 7)).toEqual(['execid', 'retries', 'submitTime']);
    expect(JSON.stringify(shown['retries'])).toBe(
      '{"allowedStatuses":"FAILED","userDefinedCount":0,"userDefinedMax":2,"systemDefinedMax":1,"systemDefinedCount":0,' +
        '"rootExecutionID":-1,"strategy":"retryAsNew","childExecutionID":-1,"parentExecutionID":-1}',
    );
  });

  it('name the tries before and after', async () => {
    const retries = {
      statuses: 'FAILED',
      strategy: 'disableSucceededNodes',
      count: 1,
      max: 2,
      root: 1,
      parent: 1,
      child: 3,
    };
    expect((await show(retries))['retries']).toMatchObject({
      rootExecutionID: 1,
      parentExecutionID: 1,
      childExecutionID: 3,
      userDefinedCount: 1,
    });
  });

  it('are not there without any', async () => {
    expect(JSON.parse(await ajax('fetchexecflow&execid=301'))).not.toHaveProperty('retries');
  });
});

describe('calls about a flow', () => {
  it('list running executions, without the key when there are none', async () => {
    expect(await ajax('getRunning&project=demo&flow=test')).toBe('{\n}');
    server.world.running = [301, 302];
    expect(await ajax('getRunning&project=demo&flow=test')).toBe('{\n  "execIds" : [ 301, 302 ]\n}');
    expect(await ajax('getRunning&project=x&flow=test')).toBe(`{\n  "error" : "Project 'null' not found."\n}`);
    expect(await ajax('getRunning&project=demo&flow=test', await server.login('reader'))).toBe(
      `{\n  "error" : "User 'reader' doesn't have EXECUTE permissions on demo"\n}`,
    );
  });

  it('tell whom a flow mails', async () => {
    expect(await ajax('flowInfo&project=demo&flow=test')).toBe(
      '{\n  "failureEmails" : [ "ops@example.com" ],\n  "successEmails" : [ ]\n}',
    );
    expect(await ajax('flowInfo&project=demo&flow=x')).toBe(
      `{\n  "error" : "Error loading flow. Flow x doesn't exist in demo"\n}`,
    );
  });
});

describe('control of executions', () => {
  const NOT_RUNNING = "Execution 302 of flow test isn't running.";

  it.each(['cancelFlow', 'pauseFlow', 'resumeFlow', 'retryFailedJobs'])('%s answers an empty object', async (call) => {
    expect(await ajax(`${call}&execid=301`)).toBe('{\n}');
  });

  it.each([
    ['cancelFlow', `{\n  "error" : "${NOT_RUNNING}"\n}`],
    ['pauseFlow', `{\n  "error" : "${NOT_RUNNING}"\n}`],
    ['resumeFlow', `{\n  "resume" : "${NOT_RUNNING}",\n  "error" : "${NOT_RUNNING}"\n}`],
  ])('%s refuses what has ended', async (call, text) => {
    expect(await ajax(`${call}&execid=302`)).toBe(text);
  });

  it('names an execution it cannot find and a permission that is missing', async () => {
    expect(await ajax('cancelFlow&execid=9')).toBe(`{\n  "error" : "Cannot find execution '9'"\n}`);
    expect(await ajax('cancelFlow&execid=301', await server.login('reader'))).toBe(
      `{\n  "error" : "User 'reader' doesn't have EXECUTE permissions on demo"\n}`,
    );
  });
});

describe('an execution with an embedded flow', () => {
  beforeEach(() => {
    const execution = anExecution(303, { startedAt: 1000, updatedAt: 2000 });
    const nodes = [
      aPlanNode(0, 'test', { nestedId: '', kind: 'flow', type: 'flow', children: [1, 2] }),
      aPlanNode(1, 'a'),
      aPlanNode(2, 'sub', { kind: 'flow', type: 'flow', children: [3], dependencies: [1], embeddedFlowId: 'test:sub' }),
      aPlanNode(3, 'x', { nestedId: 'sub:x', parent: 2 }),
    ];
    const detail = aDetail(execution, nodes, [
      { status: 'RUNNING' },
      { status: 'SUCCEEDED', attempt: 1, startedAt: 1100, endedAt: 1200, updatedAt: 1200 },
      { status: 'RUNNING', startedAt: 1300, updatedAt: 1300 },
      { status: 'RUNNING', startedAt: 1900, updatedAt: 1900 },
    ]);
    const past = {
      nestedId: 'a',
      attempt: 0,
      status: 'FAILED',
      startedAt: 1010,
      endedAt: 1020,
      updatedAt: 1020,
    } as const;
    server.world.executions.set(303, execution);
    server.world.details.set(303, { ...detail, pastAttempts: new Map([[1, [past]]]) });
  });

  it('is shown whole by fetchexecflow', async () => {
    expect(await ajax('fetchexecflow&execid=303')).toBe(`{
  "project" : "demo",
  "updateTime" : 2000,
  "type" : null,
  "attempt" : 0,
  "execid" : 303,
  "submitTime" : 1407779473318,
  "nodes" : [ {
    "nestedId" : "a",
    "startTime" : 1100,
    "updateTime" : 1200,
    "id" : "a",
    "endTime" : 1200,
    "type" : "command",
    "pastAttempts" : [ {
      "startTime" : 1010,
      "endTime" : 1020,
      "attempt" : 0,
      "status" : "FAILED"
    } ],
    "attempt" : 1,
    "status" : "SUCCEEDED"
  }, {
    "nodes" : [ {
      "nestedId" : "sub:x",
      "startTime" : 1900,
      "updateTime" : 1900,
      "id" : "x",
      "endTime" : -1,
      "type" : "command",
      "attempt" : 0,
      "status" : "RUNNING"
    } ],
    "nestedId" : "sub",
    "in" : [ "a" ],
    "startTime" : 1300,
    "updateTime" : 1300,
    "id" : "sub",
    "endTime" : -1,
    "type" : "flow",
    "attempt" : 0,
    "flowId" : "test:sub",
    "flow" : "test:sub",
    "status" : "RUNNING"
  } ],
  "nestedId" : "test",
  "submitUser" : "azkaban",
  "startTime" : 1000,
  "id" : "test",
  "endTime" : -1,
  "projectId" : 192,
  "flowId" : "test",
  "flow" : "test",
  "status" : "RUNNING"
}`);
  });

  it('is reduced to four keys by fetchexecflowupdate when nothing has changed', async () => {
    expect(await ajax('fetchexecflowupdate&execid=303&lastUpdateTime=2000')).toBe(
      '{\n  "startTime" : 1000,\n  "updateTime" : 2000,\n  "endTime" : -1,\n  "status" : "RUNNING"\n}',
    );
  });

  it('shows a changed job with the flows around it', async () => {
    expect(await ajax('fetchexecflowupdate&execid=303&lastUpdateTime=1500')).toBe(`{
  "nodes" : [ {
    "nodes" : [ {
      "startTime" : 1900,
      "updateTime" : 1900,
      "id" : "x",
      "endTime" : -1,
      "attempt" : 0,
      "status" : "RUNNING"
    } ],
    "startTime" : 1300,
    "updateTime" : 1300,
    "id" : "sub",
    "endTime" : -1,
    "attempt" : 0,
    "flow" : "test:sub",
    "status" : "RUNNING"
  } ],
  "startTime" : 1000,
  "updateTime" : 2000,
  "id" : "test",
  "endTime" : -1,
  "attempt" : 0,
  "flow" : "test",
  "status" : "RUNNING"
}`);
  });

  it('shows everything with lastUpdateTime -1', async () => {
    const { nodes } = JSON.parse(await ajax('fetchexecflowupdate&execid=303&lastUpdateTime=-1')) as { nodes: object[] };
    expect(nodes).toHaveLength(2);
  });

  it('knows its jobs when asked for statistics', async () => {
    expect(await ajax('fetchExecJobStats&execid=303&jobid=sub:x')).toBe('{\n  "jobStats" : null\n}');
    expect(await ajax('fetchExecJobStats&execid=303&jobid=y')).toBe(`{\n  "error" : "Job y doesn't exist in 303"\n}`);
  });

  it('gives its options back in flowInfo', async () => {
    const options = {
      ...DEFAULT_EXECUTION_OPTIONS,
      flowParameters: { '2': 'b', k: 'v' },
      runtimeProperties: { a: { x: '1' } },
      disabledJobs: [{ id: 'a' }, { id: 'sub', children: [{ id: 'x' }] }],
    };
    const detail = server.world.details.get(303)!;
    server.world.details.set(303, { ...detail, execution: { ...detail.execution, options } });
    expect(await ajax('flowInfo&execid=303')).toBe(`{
  "flowParam" : {
    "2" : "b",
    "k" : "v"
  },
  "failureAction" : "finishCurrent",
  "notifyFailureFirst" : true,
  "pipelineExecution" : null,
  "queueLevel" : 0,
  "nodeStatus" : {
    "a" : "SUCCEEDED",
    "sub" : "RUNNING"
  },
  "pipelineLevel" : null,
  "successEmailsOverride" : false,
  "notifyFailureLast" : false,
  "failureEmails" : [ "ops@example.com" ],
  "runtimeProperties" : {
    "ROOT" : {
      "2" : "b",
      "k" : "v"
    },
    "a" : {
      "x" : "1"
    }
  },
  "disabled" : [ {
    "name" : "a",
    "children" : null,
    "embeddedFlow" : false
  }, {
    "name" : "sub",
    "children" : [ {
      "name" : "x",
      "children" : null,
      "embeddedFlow" : false
    } ],
    "embeddedFlow" : true
  } ],
  "concurrentOptions" : "skip",
  "successEmails" : [ ],
  "failureEmailsOverride" : false
}`);
  });
});

describe('explainJob', () => {
  const explain = (query: string): Promise<Answer> =>
    server.call(`/executor?ajax=explainJob&execid=7&${query}&session.id=${session}`);

  beforeEach(() => void server.world.executions.set(7, anExecution(7)));

  it('explains the attempt asked for', async () => {
    const { headers, text } = await explain('jobId=sub:x&attempt=3');
    expect(headers['content-type']).toBe('application/json');
    expect(JSON.parse(text)).toMatchObject({ execid: 7, flow: 'test', job: 'sub:x', attempt: 3 });
  });

  it.each([
    ['jobId=a', { attempt: 1, properties: [{ key: 'region', value: 'eu', origin: { kind: 'flow-parameter' } }] }],
    ['jobId=unknown', { error: "Job unknown doesn't exist in 7" }],
  ])('answers %s', async (query, expected) => {
    expect(JSON.parse((await explain(query)).text)).toMatchObject(expected);
  });

  it('needs READ on the project', async () => {
    const nobody = await server.login('nobody');
    const { text } = await server.call(`/executor?ajax=explainJob&execid=7&jobId=a&session.id=${nobody}`);
    expect(JSON.parse(text)).toEqual({ error: "User 'nobody' doesn't have READ permissions on demo" });
  });
});

describe('logs', () => {
  beforeEach(() => {
    server.world.logs.set('301/', 'flow <log>\n');
    server.world.logs.set('301/sub:x', `it's "é" & done\n`);
  });

  it.each([
    [
      'fetchExecFlowLogs&execid=301&offset=0&length=9999999',
      '{\n  "length" : 11,\n  "offset" : 0,\n  "data" : "flow &lt;log&gt;\\n"\n}',
    ],
    [
      'fetchExecJobLogs&execid=301&jobId=sub:x&offset=0&length=100',
      '{\n  "length" : 17,\n  "offset" : 0,\n  "data" : "it\'s &quot;&eacute;&quot; &amp; done\\n"\n}',
    ],
    [
      'fetchExecJobLogs&execid=301&jobId=sub:x&offset=17&length=100',
      '{\n  "length" : 0,\n  "offset" : 17,\n  "data" : ""\n}',
    ],
    [
      'fetchExecJobLogs&execid=301&jobId=b&offset=0&length=100',
      '{\n  "length" : 0,\n  "offset" : 0,\n  "data" : ""\n}',
    ],
    [
      'fetchExecJobLogs&execid=301&jobId=unknown&offset=0&length=1',
      `{\n  "error" : "Job unknown doesn't exist in 301"\n}`,
    ],
  ])('answer %s, with the character set in the content type', async (query, text) => {
    const answer = await server.call(`/executor?ajax=${query}&session.id=${session}`);
    expect(answer.text).toBe(text);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  });
});
