import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { openLab, type Lab, type StartedServer } from '../support/lab.js';
import { waitUntil } from '../support/wait-until.js';

jest.setTimeout(180_000);

const missing = ['curl', 'zip'].filter((program) => spawnSync(program, ['--version']).status !== 0);
if (missing.length > 0) console.warn(`Skipped, because not installed: ${missing.join(', ')}`);

/** The command lines of Azkaban's API documentation, with real programs; only host, ids and names are filled in. */
(missing.length > 0 ? describe.skip : describe)('the documented curl session', () => {
  let lab: Lab;
  let server: StartedServer;
  let session = '';
  let projectId = 0;
  let execid = 0;

  beforeAll(async () => {
    lab = openLab('session');
    server = await lab.start();
  });
  afterAll(async () => lab.close());

  /** Runs a line in a shell, in the lab's folder, and returns what it printed. */
  async function line(command: string): Promise<string> {
    const child = spawn('sh', ['-c', command], { cwd: lab.folder, stdio: ['ignore', 'pipe', 'pipe'] });
    const [printed, complaints, code] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise((resolve) => child.on('close', resolve)),
    ]);
    if (code !== 0) throw new Error(`${command}\nended with ${String(code)}: ${complaints}`);
    return printed;
  }

  const json = async (command: string) => JSON.parse(await line(command)) as Record<string, unknown>;

  it('makes a zip', async () => {
    mkdirSync(join(lab.folder, 'myproject'));
    writeFileSync(join(lab.folder, 'myproject', 'hello.job'), 'type=command\ncommand=echo Hello from $(1+1) jobs\n');
    writeFileSync(join(lab.folder, 'myproject', 'bye.job'), 'type=command\ncommand=echo Bye\ndependencies=hello\n');
    await line('cd myproject && zip -q ../myproject.zip hello.job bye.job');
  });

  it('logs in', async () => {
    const answer = await json(
      `curl -s -k -X POST --data "action=login&username=azkaban&password=azkaban" ${server.url}`,
    );
    expect(answer).toEqual({ status: 'success', 'session.id': expect.stringMatching(/^[0-9a-f-]{36}$/) });
    session = String(answer['session.id']);
  });

  it('creates a project', async () => {
    const answer = await json(
      `curl -s -k -X POST --data "session.id=${session}&name=MyProject&description=11" ${server.url}/manager?action=create`,
    );
    expect(answer).toEqual({ status: 'success', path: 'manager?project=MyProject', action: 'redirect' });
  });

  it('uploads the zip as multipart/mixed', async () => {
    const answer = await line(
      `curl -s -k -i -H "Content-Type: multipart/mixed" -X POST --form 'session.id=${session}' --form 'ajax=upload' --form 'file=@myproject.zip;type=application/zip' --form 'project=MyProject;type/plain' ${server.url}/manager`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 /m);
    const body = JSON.parse(answer.slice(answer.indexOf('{'))) as Record<string, string>;
    expect(body).toEqual({ projectId: expect.stringMatching(/^\d+$/), version: '1' });
    projectId = Number(body['projectId']);
  });

  it('fetches the flows', async () => {
    const answer = await json(
      `curl -s -k --get --data "session.id=${session}&ajax=fetchprojectflows&project=MyProject" ${server.url}/manager`,
    );
    expect(answer).toEqual({ project: 'MyProject', projectId, flows: [{ flowId: 'bye' }] });
  });

  it('fetches the jobs of the flow', async () => {
    const answer = await json(
      `curl -s -k --get --data "session.id=${session}&ajax=fetchflowgraph&project=MyProject&flow=bye" ${server.url}/manager`,
    );
    expect(answer).toMatchObject({ project: 'MyProject', projectId, flow: 'bye' });
    expect(answer['nodes']).toHaveLength(2);
  });

  it('executes the flow', async () => {
    const answer = await json(
      `curl -s -k --get --data 'session.id=${session}' --data 'ajax=executeFlow' --data 'project=MyProject' --data 'flow=bye' ${server.url}/executor`,
    );
    execid = Number(answer['execid']);
    expect(answer).toEqual({
      project: 'MyProject',
      flow: 'bye',
      execid,
      message: `Execution queued successfully with exec id ${execid}`,
    });
    expect(execid).toBeGreaterThan(0);
  });

  it('follows the execution to its end', async () => {
    const answer = await waitUntil('the execution ends', async () => {
      const view = await json(
        `curl -s -k --data "session.id=${session}&ajax=fetchexecflow&execid=${execid}" ${server.url}/executor`,
      );
      return Number(view['endTime']) > 0 ? view : undefined;
    });
    expect(answer).toMatchObject({ status: 'SUCCEEDED', project: 'MyProject', flow: 'bye', submitUser: 'azkaban' });
    expect(
      (answer['nodes'] as readonly { id: string; status: string }[]).map(({ id, status }) => [id, status]),
    ).toEqual(
      expect.arrayContaining([
        ['hello', 'SUCCEEDED'],
        ['bye', 'SUCCEEDED'],
      ]),
    );
  });

  it('fetches what has changed', async () => {
    const answer = await json(
      `curl -s -k --data "execid=${execid}&lastUpdateTime=-1&session.id=${session}" ${server.url}/executor?ajax=fetchexecflowupdate`,
    );
    expect(answer).toMatchObject({ status: 'SUCCEEDED' });
    expect(answer['nodes']).toHaveLength(2);
  });

  it('fetches the log of a job, a piece and the whole', async () => {
    const logOf = (range: string) =>
      json(
        `curl -s -k --data "session.id=${session}&ajax=fetchExecJobLogs&execid=${execid}&jobId=hello&${range}" ${server.url}/executor`,
      );
    const piece = await logOf('offset=0&length=100');
    expect(piece).toMatchObject({ offset: 0, length: 100 });
    const whole = await logOf('offset=0&length=100000');
    expect(whole['data']).toMatch(/^\d\d-\d\d-\d{4} \d\d:\d\d:\d\d \S+ hello INFO - Hello from 2 jobs$/m);
    expect(String(whole['data']).startsWith(String(piece['data']))).toBe(true);
  });

  it('fetches the log of the flow', async () => {
    const answer = await json(
      `curl -s -k --data "session.id=${session}&ajax=fetchExecFlowLogs&execid=${execid}&offset=0&length=100000" ${server.url}/executor`,
    );
    expect(answer['data']).toContain('hello');
    expect(answer['length']).toBeGreaterThan(0);
  });

  it('lists the executions of the flow', async () => {
    const answer = await json(
      `curl -s -k --get --data "session.id=${session}&ajax=fetchFlowExecutions&project=MyProject&flow=bye&start=0&length=3" ${server.url}/manager`,
    );
    expect(answer).toMatchObject({ total: 1, from: 0, length: 3, flow: 'bye', project: 'MyProject', projectId });
    expect(answer['executions']).toEqual([expect.objectContaining({ execId: execid, status: 'SUCCEEDED' })]);
  });

  it('finds nothing running', async () => {
    const answer = await json(
      `curl -s -k --data "session.id=${session}&ajax=getRunning&project=MyProject&flow=bye" ${server.url}/executor`,
    );
    expect(answer).toEqual({});
  });

  it('has no running execution to cancel', async () => {
    const answer = await json(
      `curl -s -k --data "session.id=${session}&ajax=cancelFlow&execid=${execid}" ${server.url}/executor`,
    );
    expect(answer).toEqual({ error: `Execution ${execid} of flow bye isn't running.` });
  });

  it('downloads the very bytes that were uploaded', async () => {
    await line(
      `curl -s -k -o downloaded.zip --get --data "session.id=${session}&project=MyProject&download=true" ${server.url}/manager`,
    );
    const [uploaded, downloaded] = ['myproject.zip', 'downloaded.zip'].map((name) =>
      readFileSync(join(lab.folder, name)),
    );
    expect(downloaded?.equals(uploaded as Buffer)).toBe(true);
  });

  it('deletes the project', async () => {
    const answer = await line(
      `curl -s -k -i --get --data "session.id=${session}&delete=true&project=MyProject" ${server.url}/manager`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 302 /);
    expect(answer).toContain(`Location: ${server.url}/\r\n`);
    expect(answer).toContain(
      `azkaban.success.message="Project 'MyProject' was successfully deleted and associated schedules are removed."`,
    );
    const flows = await json(
      `curl -s -k --get --data "session.id=${session}&ajax=fetchprojectflows&project=MyProject" ${server.url}/manager`,
    );
    expect(flows).toMatchObject({ error: "Project MyProject doesn't exist." });
  });

  it('logs out, after which the session is worth nothing', async () => {
    const answer = await line(`curl -s -k -i -b "azkaban.browser.session.id=${session}" "${server.url}/?logout"`);
    expect(answer).toMatch(/^HTTP\/1\.1 302 /);
    const after = await json(
      `curl -s -k --get --data "session.id=${session}&ajax=fetchprojectflows&project=MyProject" ${server.url}/manager`,
    );
    expect(after).toEqual({ error: 'session' });
  });
});
