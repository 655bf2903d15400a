import type { Knex } from 'knex';

/**
 * Walks the index of unfinished executions in its order (priority, age) until the limit is reached; history is never looked
 * at. Executions another sweep is marking right now are skipped, so two sweeps do not nudge twice.
 */
const TAKE_OVERDUE = `
  with overdue as (
    select e.id from executions e
    where not e.finished and e.waits = 0 and e.nudged_at < now() - :quietMs * interval '1 millisecond'
      and not exists (
        select from workers w where w.id = e.lease_worker and w.ended_at is null and w.lease_until >= now())
    order by e.priority desc, e.id
    limit :limit
    for no key update skip locked
  ), marked as (
    update executions e set nudged_at = now() from overdue where e.id = overdue.id
    returning e.id, e.lease_ticket, e.priority
  )
  select id as "executionId", lease_ticket as ticket, priority from marked order by priority desc, id`;

export async function takeOverdue(
  db: Knex,
  of: { quietMs: number; limit: number },
): Promise<readonly { executionId: number; ticket: number; priority: number }[]> {
  const { rows } = await db.raw<{ rows: readonly { executionId: number; ticket: number; priority: number }[] }>(
    TAKE_OVERDUE,
    of,
  );
  return rows;
}
