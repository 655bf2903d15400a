import type { ProcessRow } from './process-table.js';

/** By what the processes of an attempt are known. */
export interface ProcessOwner {
  /** The process that was started: leader of its own session and group. Undefined when only markers are known. */
  readonly pid: number | undefined;
  readonly markers: ReadonlySet<string>;
}

/**
 * Every living process of an attempt: those in its group or session, those that carry its marker (daemons that have left
 * both and lost their parent), and all descendants of these. Only a process that has done all of that and cleared its
 * environment too is missed.
 */
export function processesOf(owner: ProcessOwner, rows: readonly ProcessRow[]): ProcessRow[] {
  const childrenOf = new Map<number, ProcessRow[]>();
  for (const row of rows) {
    const siblings = childrenOf.get(row.parentPid);
    if (siblings === undefined) childrenOf.set(row.parentPid, [row]);
    else siblings.push(row);
  }
  const found = new Map<number, ProcessRow>();
  const open = rows.filter((row) => isOwned(owner, row));
  for (let row = open.pop(); row !== undefined; row = open.pop()) {
    if (found.has(row.pid) || row.pid === process.pid || row.pid === 1) continue;
    found.set(row.pid, row);
    open.push(...(childrenOf.get(row.pid) ?? []));
  }
  return [...found.values()];
}

function isOwned({ pid, markers }: ProcessOwner, row: ProcessRow): boolean {
  if (row.marker !== undefined && markers.has(row.marker)) return true;
  return pid !== undefined && (row.pid === pid || row.groupId === pid || row.sessionId === pid);
}
