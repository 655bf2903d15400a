-- What follows from the end of an execution: another try of the whole flow, the start of flows that come after it.

alter table executions
  -- Ends after which it is tried again as a whole, and how often it still may be.
  add column retry_statuses smallint[],
  add column retries_left integer not null default 0,
  -- Flows, `project/flow`, whose successes have led to this execution; null for one that nobody's success has started.
  add column lineage text[],
  -- The first execution of the plan it belongs to: executions made together, each waiting for those before it.
  add column plan_root bigint;

create index executions_children on executions (retry_of) where retry_of is not null;
create index executions_plans on executions (plan_root, id) where plan_root is not null;

-- Which flow starts after which; replaced with every upload of its project.
create table flow_triggers (
  project_id integer not null references projects,
  flow_id text not null,
  -- By name: the other project may come later, or be uploaded again under the same name.
  upstream_project text not null,
  upstream_flow text not null,
  -- false: the flow takes no part in what others start.
  data_driven boolean not null,
  -- An execution of the upstream flow that has succeeded since the flow was last started this way.
  succeeded_execution bigint,
  primary key (project_id, flow_id, upstream_project, upstream_flow)
);

create index flow_triggers_upstream on flow_triggers (upstream_project, upstream_flow);

-- Executions that have ended and from which something may follow. A row is deleted by the transaction that stores what
-- follows: whoever holds the row does it, once.
create table execution_ends (
  execution_id bigint primary key,
  -- Not to be taken before; moved on when something went wrong.
  due_at timestamptz not null default now(),
  tries integer not null default 0
);

create index execution_ends_due on execution_ends (due_at, execution_id);

create table flow_locks (
  project_id integer not null references projects,
  flow_id text not null,
  message text,
  locked_by text not null,
  locked_at bigint not null,
  primary key (project_id, flow_id)
);

-- Whether an execution that has ended may be tried again. Whoever asked for its end does not want another one.
create function may_be_retried(p_execution executions) returns boolean
language sql stable as $$
  select p_execution.retries_left > 0 and p_execution.status = any (p_execution.retry_statuses)
    and not exists (
      select from execution_requests r where r.execution_id = p_execution.id and r.kind = 'cancel')
$$;

-- Executions that need the success of one that has ended without: they never start.
create function kill_waiting(p_ended executions) returns void
language plpgsql as $$
declare
  v_told integer;
begin
  with killed as (
    update executions e
    set status = 60, ended_at = p_ended.ended_at, updated_at = p_ended.updated_at, modified_by = p_ended.modified_by
    from execution_waits w
    where w.on_execution_id = p_ended.id and w.needs_success and e.id = w.execution_id
      and e.lease_ticket = 0 and not e.finished
    returning e.id
  )
  select count(pg_notify('lockstep_execution', id || ' 60')) into v_told from killed;
end $$;

-- Executions that wait for one that has ended need not any more. With `p_keep_needs`, those that need its success go on
-- waiting.
create function release_waiting(p_ended bigint, p_keep_needs boolean) returns void
language plpgsql as $$
declare
  v_told integer;
begin
  with released as (
    delete from execution_waits w
    where w.on_execution_id = p_ended and not (p_keep_needs and w.needs_success)
    returning w.execution_id
  ), counted as (
    update executions e set waits = e.waits - 1, nudged_at = '-infinity'
    from released r where e.id = r.execution_id and not e.finished
    returning e.id, e.waits
  )
  select count(pg_notify('lockstep_released', id::text)) into v_told from counted where waits = 0;
end $$;

-- In the transaction that ends an execution: who waited for it may go on, never starts, or waits for the next try of it.
create or replace function end_waits() returns trigger
language plpgsql as $$
declare
  v_again boolean := may_be_retried(new);
begin
  delete from execution_waits w where w.execution_id = new.id;
  if new.status <> 50 and not v_again then perform kill_waiting(new); end if;
  perform release_waiting(new.id, v_again);
  return null;
end $$;

-- There is no other try after all.
create function fail_waiting(p_execution bigint) returns void
language plpgsql as $$
declare
  v_ended executions;
begin
  select e.* into v_ended from executions e where e.id = p_execution;
  if v_ended.status <> 50 then perform kill_waiting(v_ended); end if;
  perform release_waiting(p_execution, false);
end $$;

-- In the transaction that ends an execution: notes the end where something may follow from it.
create function note_end() returns trigger
language plpgsql as $$
begin
  if may_be_retried(new) or (new.status = 50 and exists (
    select from flow_triggers t
    where t.upstream_project = new.project_name and t.upstream_flow = new.flow_id and t.data_driven))
  then
    insert into execution_ends (execution_id) values (new.id) on conflict do nothing;
    perform pg_notify('lockstep_ended', new.id::text);
  end if;
  return null;
end $$;

create trigger executions_follow_up after update of status on executions
for each row when (old.status not in (50, 60, 65, 70) and new.status in (50, 60, 65, 70))
execute function note_end();
