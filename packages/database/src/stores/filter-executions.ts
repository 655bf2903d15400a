import { STATUS, type ExecutionFilter } from '@lockstep/domain';
import type { Knex } from 'knex';

/** Adds the filter's conditions; texts are found anywhere in the column, in any letter case. */
export function filterExecutions<Query extends Knex.QueryBuilder>(query: Query, filter: ExecutionFilter): Query {
  const { statuses, startedAfter, endedBefore } = filter;
  const texts = {
    project_name: filter.projectNameContains,
    flow_id: filter.flowIdContains,
    submit_user: filter.submitUserContains,
  };
  for (const [column, text] of Object.entries(texts)) {
    if (text !== undefined) query.whereRaw('position(lower(?) in lower(??)) > 0', [text, column]);
  }
  if (statuses !== undefined) {
    query.whereIn(
      'status',
      statuses.map((status) => STATUS[status].code),
    );
  }
  if (startedAfter !== undefined) query.where('started_at', '>', startedAfter);
  if (endedBefore !== undefined) query.where('ended_at', '<', endedBefore);
  return query;
}
