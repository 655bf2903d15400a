import { DEFAULT_KILL_GRACE_MS } from '../job-type.js';
import { killProcesses } from './kill-ladder.js';
import type { KillReport } from './kill-ladder.js';
import { createProcessTable } from './process-table.js';

/**
 * Ends the processes of attempts whose worker is gone, found by the marker each attempt was given. Harmless when none is
 * left. Only on the machine they run on. Many markers in one call cost one look at the processes, not many.
 */
export function killLeftProcesses({
  marker,
  graceMs = DEFAULT_KILL_GRACE_MS,
}: {
  readonly marker: string | readonly string[];
  readonly graceMs?: number;
}): Promise<KillReport> {
  const markers = new Set(typeof marker === 'string' ? [marker] : marker);
  return killProcesses({ owner: { pid: undefined, markers }, graceMs, table: createProcessTable() });
}
