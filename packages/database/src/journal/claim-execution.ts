import type { ClaimResult, ExecutionEvent } from '@lockstep/domain';
import type { Pool } from 'pg';
import type { ExecutionRow } from '../tables.js';
import { EXECUTION_COLUMNS, readExecution } from './read-execution.js';

const COLUMNS = [...EXECUTION_COLUMNS, 'lease_ticket', 'commit_count'].map((column) => `(c.execution).${column}`);

/** No row: not claimable. `c.events` is an array with one array of events per commit. */
const CLAIM = {
  name: 'lockstep claim execution',
  text: `select ${COLUMNS.join(', ')}, c.events from claim_execution($1, $2) c`,
};

export async function claimExecution(
  pool: Pool,
  claim: { executionId: number; workerId: string },
): Promise<ClaimResult> {
  const { rows } = await pool.query<ExecutionRow & { events: readonly (readonly ExecutionEvent[])[] | null }>({
    ...CLAIM,
    values: [claim.executionId, claim.workerId],
  });
  const row = rows[0];
  if (row === undefined) return { result: 'not-claimable' };
  return {
    result: 'claimed',
    lease: { ...claim, ticket: row.lease_ticket },
    execution: readExecution(row),
    events: (row.events ?? []).flat(),
    sequence: row.commit_count,
  };
}
