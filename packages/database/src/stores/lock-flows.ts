import type { Knex } from 'knex';

/** The sort happens below the locking: every transaction takes its locks in the order of their keys. */
const LOCK_FLOWS = `
  select pg_advisory_xact_lock(k.key) from (
    select distinct hashtextextended(f.flow_id, f.project_id) as key
    from unnest(:flowIds::text[], :projectIds::bigint[]) f (flow_id, project_id)
    order by key
    offset 0
  ) k`;

/** Until the transaction ends, nobody else who asks for one of these flows gets it. */
export async function lockFlows(
  db: Knex,
  flows: readonly { readonly projectId: number; readonly flowId: string }[],
): Promise<void> {
  if (flows.length === 0) return;
  await db.raw(LOCK_FLOWS, {
    flowIds: flows.map(({ flowId }) => flowId),
    projectIds: flows.map(({ projectId }) => projectId),
  } as unknown as Knex.ValueDict);
}
