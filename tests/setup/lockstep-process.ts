import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const REPOSITORY = join(import.meta.dirname, '../..');

/** What `npm start` runs. */
export const START = join(REPOSITORY, 'scripts/start.mjs');
/** The `lockstep` command. */
export const COMMAND = join(REPOSITORY, 'apps/cli/bin/lockstep.mjs');

/** A program of the product, run as a user would. */
export interface LockstepProcess {
  readonly child: ChildProcess;
  /** What it has printed so far. */
  stdout(): string;
  stderr(): string;
  /** Waits for a text in standard output; rejects with everything printed when the process ends without it. */
  printed(text: string | RegExp): Promise<string>;
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

export function startProcess(
  script: string,
  { args = [], env = {}, cwd = REPOSITORY }: { args?: readonly string[]; env?: Record<string, string>; cwd?: string },
): LockstepProcess {
  const child = spawn(process.execPath, [script, ...args], {
    cwd,
    env: { ...withoutSettings(process.env), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const exited = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
  }));

  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    exited,
    async printed(text) {
      const found = () =>
        typeof text === 'string' ? (stdout.includes(text) ? text : undefined) : text.exec(stdout)?.[0];
      for (;;) {
        const match = found();
        if (match !== undefined) return match;
        const more = await Promise.race([
          once(child.stdout as NodeJS.ReadableStream, 'data').then(() => true),
          exited.then(() => false),
        ]);
        const last = found();
        if (last !== undefined) return last;
        if (!more) throw new Error(`Ended without printing ${text}.\nstdout:\n${stdout}\nstderr:\n${stderr}`);
      }
    },
  };
}

/** Settings of whoever runs the tests must not reach the product under test. */
function withoutSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('LOCKSTEP_')));
}
