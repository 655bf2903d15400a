import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { COMMAND, startProcess } from '../setup/lockstep-process.js';

jest.setTimeout(120_000);

const VECTORS = join(import.meta.dirname, '../../../shared/vectors/quartz-cron.json');

describe('lockstep', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lockstep-command-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const lockstep = (args: readonly string[], options: { input?: string } = {}) =>
    spawnSync(process.execPath, [COMMAND, ...args], { cwd: folder, encoding: 'utf8', ...options });

  function project(files: Record<string, string>): string {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return folder;
  }

  describe('validate', () => {
    it('names flows and jobs of a correct project and ends with 0', () => {
      project({ 'a.job': 'type=noop\n', 'b.job': 'type=noop\ndependencies=a\n' });
      const { stdout, status } = lockstep(['validate', '.']);
      expect(stdout).toBe('Flow 1.0 project: 1 flow, 2 jobs, 0 properties files (b); 0 errors, 0 warnings\n');
      expect(status).toBe(0);
    });

    it('shows errors with file and line and ends with 1', () => {
      project({
        'x.project': 'azkaban-flow-version: 2.0\n',
        'x.flow':
          'nodes:\n  - name: a\n    type: noop\n    dependsOn: [b]\n  - name: b\n    type: noop\n    dependsOn: [a]\n',
      });
      const { stdout, status } = lockstep(['validate', '.']);
      expect(stdout).toMatch(/^x\.flow:\d+: error: Cycles found at /m);
      expect(status).toBe(1);
    });

    it('prints JSON when asked to', () => {
      project({ 'a.job': 'type=unheard-of\n' });
      const { stdout, status } = lockstep(['validate', '.', '--json']);
      expect(JSON.parse(stdout)).toMatchObject({
        valid: true,
        format: 'flow1',
        flows: [{ id: 'a', jobs: ['a'] }],
        problems: [{ severity: 'warning', file: 'a.job' }],
      });
      expect(status).toBe(0);
    });

    it.each([
      ['nowhere', 'nowhere does not exist.'],
      ['no.zip', 'no.zip: The zip cannot be read: '],
    ])('says in a sentence what is wrong with %s', (path, sentence) => {
      project({ 'no.zip': 'this is no zip' });
      const { stderr, status } = lockstep(['validate', path]);
      expect(stderr).toContain(sentence);
      expect(stderr).not.toMatch(/^\s+at /m);
      expect(status).toBe(1);
    });
  });

  describe('run', () => {
    it('runs a flow with its parameters and ends with 0', () => {
      project({
        'first.job': 'type=command\ncommand=bash -c "echo {\\\\"who\\\\": \\\\"${who}\\\\"} > $JOB_OUTPUT_PROP_FILE"\n',
        'last.job': 'type=command\ndependencies=first\ncommand=test ${who} = world\n',
      });
      const { stdout, status } = lockstep(['run', '.', 'last', 'who=world']);
      expect(stdout).toMatch(/^first SUCCEEDED after/m);
      expect(stdout).toMatch(/^Flow last SUCCEEDED after/m);
      expect(status).toBe(0);
    });

    it('shows the log of a job that fails, keeps all logs where it is told to, and ends with 1', () => {
      project({ 'p/bad.job': 'type=command\ncommand=bash -c "echo so sorry; exit 3"\n' });
      const { stdout, status } = lockstep(['run', 'p', 'bad', '--logs', 'logs']);
      expect(stdout).toMatch(/^bad FAILED after/m);
      expect(stdout).toContain('--- log of bad\n');
      expect(stdout).toContain('so sorry');
      expect(readFileSync(join(folder, 'logs/bad.log'), 'utf8')).toContain('so sorry');
      expect(status).toBe(1);
    });

    it('prints nothing but JSON on standard output with --json', () => {
      project({ 'a.job': 'type=noop\n' });
      const { stdout, stderr, status } = lockstep(['run', '.', 'a', '--json']);
      expect(JSON.parse(stdout)).toMatchObject({
        flowId: 'a',
        status: 'SUCCEEDED',
        attempts: [{ nestedId: 'a', status: 'SUCCEEDED' }],
      });
      expect(stderr).toContain('a SUCCEEDED');
      expect(status).toBe(0);
    });

    it('kills the jobs on Ctrl-C and ends with 1', async () => {
      project({ 'a.job': 'type=command\ncommand=sleep 4711.5\n' });
      const run = startProcess(COMMAND, { args: ['run', '.', 'a'], cwd: folder });
      await run.printed('a RUNNING');
      run.child.kill('SIGINT');
      expect(await run.exited).toEqual({ code: 1, signal: null });
      expect(run.stdout()).toMatch(/^a KILLED/m);
      expect(run.stdout()).toMatch(/^Flow a KILLED/m);
      expect(spawnSync('pgrep', ['-f', 'sleep 4711.5'], { encoding: 'utf8' }).stdout).toBe('');
    });

    it('refuses a project with errors and a flow that does not exist', () => {
      project({ 'good/a.job': 'type=noop\n', 'bad/c.job': 'type=noop\ndependencies=nobody\n' });
      expect(lockstep(['run', 'good', 'b']).stderr).toContain('has no flow "b"; its flows are:');
      const { stderr, status } = lockstep(['run', 'bad', 'c']);
      expect(stderr).toContain('The project has errors:');
      expect(status).toBe(1);
    });
  });

  describe('explain', () => {
    it('shows value, origin and what was overridden, with secrets masked wherever they show', () => {
      project({
        'common.properties': 'greeting=hello\ndb.password=hush\n',
        'a.job': 'type=command\ngreeting=${who}\ncommand=connect -p${db.password}\n',
      });
      const { stdout, status } = lockstep(['explain', '.', 'a', 'a', 'who=world']);
      expect(stdout).toMatch(/^greeting +world +job "a" in "a.job"$/m);
      expect(stdout).toMatch(/^ +overrides hello +file "common.properties"$/m);
      expect(stdout).toMatch(/^command +connect -p\[MASKED\]/m);
      expect(stdout).not.toContain('hush');
      expect(status).toBe(0);
    });

    it('ends with 1 and the reason when the job would fail before it starts', () => {
      project({ 'a.job': 'type=command\ncommand=${nowhere}\n' });
      const { stderr, status } = lockstep(['explain', '.', 'a', 'a']);
      expect(stderr).toContain('nowhere');
      expect(status).toBe(1);
    });
  });

  describe('cron next', () => {
    it('prints epoch milliseconds, one a line', () => {
      const args = [
        'cron',
        'next',
        '0 0 12 * * ?',
        '--zone',
        'Europe/Berlin',
        '--after',
        '1795219200000',
        '--count',
        '2',
      ];
      expect(lockstep(args)).toMatchObject({ stdout: '1795258800000\n1795345200000\n', status: 0 });
    });

    it.each([
      [['0 61 * * * ?'], 1],
      [['0 0 12 * * ?', '--zone', 'Mars/Olympus'], 1],
      [[], 2],
      [['0 0 12 * * ?', '--count', 'many'], 2],
    ])('refuses %j with exit code %d and a sentence', (args, code) => {
      const { stdout, stderr, status } = lockstep(['cron', 'next', ...args]);
      expect(stdout).toBe('');
      expect(stderr).not.toBe('');
      expect(stderr).not.toMatch(/^\s+at /m);
      expect(status).toBe(code);
    });

    (existsSync(VECTORS) ? it : it.skip)(
      'answers every row of the Quartz vectors exactly (skipped where they are missing)',
      () => {
        const rows = JSON.parse(readFileSync(VECTORS, 'utf8')) as readonly {
          valid: boolean;
          next?: readonly number[];
        }[];
        const answers = JSON.parse(
          lockstep(['cron', 'next', '--json'], { input: JSON.stringify(rows) }).stdout,
        ) as unknown[];
        const expected = rows.map(({ valid, next }) =>
          valid ? { valid, next } : { valid, error: expect.any(String) },
        );
        expect(answers).toEqual(expected);
      },
    );
  });

  it.each([[['frobnicate']], [['run', '.']], [['validate', '.', '--jason']], [['run', '.', 'a', 'no-assignment']]])(
    'ends with 2 when it is asked wrongly: %j',
    (args) => {
      const { stderr, status } = lockstep(args);
      expect(stderr).not.toBe('');
      expect(status).toBe(2);
    },
  );

  it('shows its commands with --help', () => {
    const { stdout, status } = lockstep(['--help']);
    for (const command of ['server', 'worker', 'validate', 'run', 'explain', 'cron', 'schema']) {
      expect(stdout).toContain(command);
    }
    expect(status).toBe(0);
  });

  it('prints the schema of flow files', () => {
    const { stdout, status } = lockstep(['schema', 'flow']);
    expect(JSON.parse(stdout)).toMatchObject({ title: 'Flow 2.0 file', required: ['nodes'] });
    expect(status).toBe(0);
  });
});
