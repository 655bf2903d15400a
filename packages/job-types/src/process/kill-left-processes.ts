import { DEFAULT_KILL_GRACE_MS } from '../job-type.js';
import { killProcesses } from './kill-ladder.js';
import type { KillReport } from './kill-ladder.js';
import { createProcessTable } from './process-table.js';

/**
 * Ends the processes of an attempt whose worker is gone, found by the marker the attempt was given. Harmless when none
 * is left. Only on the machine they run on.
 */
export function killLeftProcesses({
  marker,
  graceMs = DEFAULT_KILL_GRACE_MS,
}: {
  readonly marker: string;
  readonly graceMs?: number;
}): Promise<KillReport> {
  return killProcesses({ owner: { pid: undefined, marker }, graceMs, table: createProcessTable() });
}
