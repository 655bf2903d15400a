import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { AttemptRecord } from '@lockstep/domain';
import picocolors from 'picocolors';
import { createRunProgress } from './run-progress.js';
import type { Terminal } from './terminal.js';

const ESC = String.fromCharCode(27);

function recordingTerminal(isInteractive: boolean): Terminal & { readonly written: string[] } {
  const written: string[] = [];
  return {
    written,
    print: (line) => void written.push(`${line}\n`),
    remark: () => undefined,
    write: (text) => void written.push(text),
    isInteractive,
    columns: 40,
    rows: 6,
    colors: picocolors.createColors(false),
  };
}

const record = (
  nestedId: string,
  status: AttemptRecord['status'],
  more: Partial<AttemptRecord> = {},
): AttemptRecord => ({
  nestedId,
  attempt: 0,
  status,
  updatedAt: 0,
  ...more,
});

describe('createRunProgress', () => {
  let now: number;
  const clock = { now: () => now };
  beforeEach(() => {
    now = 10_000;
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('prints plain lines for starts and ends where nobody is looking, and nothing for the flow itself', () => {
    const terminal = recordingTerminal(false);
    const progress = createRunProgress({ terminal, clock, jobs: 2 });
    progress.show([record('', 'RUNNING'), record('a', 'RUNNING'), record('b', 'QUEUED')]);
    progress.show([
      record('a', 'SUCCEEDED', { startedAt: 10_000, endedAt: 12_500 }),
      record('b', 'RUNNING', { attempt: 1 }),
    ]);
    progress.end();
    expect(terminal.written.join('')).toBe('a RUNNING\na SUCCEEDED after 2.5 s\nb RUNNING (retry 1)\n');
  });

  it('redraws running jobs and a summary in place on a terminal, and takes them away at the end', () => {
    const terminal = recordingTerminal(true);
    const progress = createRunProgress({ terminal, clock, jobs: 3 });
    progress.show([record('a', 'RUNNING', { startedAt: 10_000 }), record('b', 'RUNNING', { startedAt: 10_000 })]);
    now = 13_000;
    jest.advanceTimersByTime(200);
    expect(terminal.written.join('')).toContain(
      `${ESC}[3A${ESC}[0J  a running 3.0 s\n  b running 3.0 s\n0 of 3 done, 2 running  3.0 s\n`,
    );
    progress.end();
    expect(terminal.written.at(-1)).toBe(`${ESC}[3A${ESC}[0J`);
  });

  it('shows as many running jobs as the terminal has room for', () => {
    const terminal = recordingTerminal(true);
    const progress = createRunProgress({ terminal, clock, jobs: 9 });
    progress.show([1, 2, 3, 4, 5].map((number) => record(`job${number}`, 'RUNNING', { startedAt: now })));
    progress.end();
    expect(terminal.written.join('')).toContain('  job1 running 0 ms\n  and 4 more\n');
  });
});
