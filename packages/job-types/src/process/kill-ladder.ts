import { setTimeout as wait } from 'node:timers/promises';
import { processesOf } from './attempt-processes.js';
import type { ProcessOwner } from './attempt-processes.js';
import type { ProcessRow, ProcessTable } from './process-table.js';

export interface KillReport {
  /** Which step ended the last process; `nothing` = none was alive. */
  readonly endedBy: 'nothing' | 'SIGTERM' | 'SIGKILL';
  /** Processes that even SIGKILL did not end (they hang in the kernel, or belong to another user). */
  readonly survivors: readonly number[];
}

const FIRST_LOOK_MS = 10;
const LONGEST_LOOK_MS = 250;
/** A process that has got SIGKILL is normally gone within a millisecond; after this it hangs in the kernel. */
const SIGKILL_PATIENCE_MS = 5_000;

/**
 * Ends all processes of an attempt: asks them (SIGTERM), waits `graceMs`, forces them (SIGKILL) until none is left or
 * nothing helps. May be called any number of times, also at the same time; always ends.
 */
export async function killProcesses({
  owner,
  graceMs,
  table,
}: {
  readonly owner: ProcessOwner;
  readonly graceMs: number;
  readonly table: ProcessTable;
}): Promise<KillReport> {
  // Looked at before anything is signalled: once a parent is gone its children are harder to find.
  const asked = processesOf(owner, await table.read());
  if (asked.length === 0) return { endedBy: 'nothing', survivors: [] };

  const known = new Set<number>();
  const ask = (rows: readonly ProcessRow[]): void => {
    const news = rows.filter((row) => !known.has(row.pid));
    for (const row of news) known.add(row.pid);
    signalAll(owner, news, 'SIGTERM');
    // A stopped process acts on a signal only once it runs again.
    signalAll(owner, news, 'SIGCONT');
  };
  ask(asked);
  if (await areGone({ owner, table, patienceMs: graceMs, again: ask })) return { endedBy: 'SIGTERM', survivors: [] };

  const force = (rows: readonly ProcessRow[]): void => signalAll(owner, rows, 'SIGKILL');
  force(processesOf(owner, await table.read()));
  await areGone({ owner, table, patienceMs: SIGKILL_PATIENCE_MS, again: force });
  return { endedBy: 'SIGKILL', survivors: processesOf(owner, await table.read()).map((row) => row.pid) };
}

/** Looks until no process is left (true) or the patience is over (false); `again` gets those that are left each time. */
async function areGone({
  owner,
  table,
  patienceMs,
  again,
}: {
  readonly owner: ProcessOwner;
  readonly table: ProcessTable;
  readonly patienceMs: number;
  readonly again: (rows: readonly ProcessRow[]) => void;
}): Promise<boolean> {
  const end = performance.now() + patienceMs;
  for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(LONGEST_LOOK_MS, pauseMs * 2)) {
    const leftMs = end - performance.now();
    if (leftMs <= 0) return false;
    await wait(Math.min(pauseMs, leftMs));
    const rows = processesOf(owner, await table.read());
    if (rows.length === 0) return true;
    again(rows);
  }
}

/** The group at once, so that a process forked in this moment gets the signal too, then those outside it. */
function signalAll({ pid }: ProcessOwner, rows: readonly ProcessRow[], signal: NodeJS.Signals): void {
  if (pid !== undefined && rows.some((row) => row.groupId === pid)) send(-pid, signal);
  for (const row of rows) if (row.groupId !== pid) send(row.pid, signal);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile, or belongs to another user: the next look tells.
  }
}
