-- Executions that wait for others to end, and executions that others follow.

alter table executions
  -- How many executions it still waits for; nobody can claim it before that is 0.
  add column waits integer not null default 0,
  -- Another execution is pipelined behind it: its progress is announced.
  add column followed boolean not null default false,
  -- The execution this one tries again, and the first one of that chain.
  add column retry_of bigint,
  add column retry_root bigint;

create index executions_retries on executions (retry_root, id) where retry_root is not null;

-- What a worker that has died held.
create index executions_held on executions (lease_worker) where not finished and lease_worker is not null;

create table execution_waits (
  execution_id bigint not null,
  on_execution_id bigint not null,
  -- The waiting execution is cancelled when the other one does not succeed.
  needs_success boolean not null,
  primary key (execution_id, on_execution_id)
);

create index execution_waits_on on execution_waits (on_execution_id);

-- In the transaction that ends an execution: who waited for it may go on, or never starts.
create function end_waits() returns trigger
language plpgsql as $$
declare
  v_told integer;
begin
  delete from execution_waits w where w.execution_id = new.id;

  if new.status <> 50 then
    with killed as (
      update executions e
      set status = 60, ended_at = new.ended_at, updated_at = new.updated_at, modified_by = new.modified_by
      from execution_waits w
      where w.on_execution_id = new.id and w.needs_success and e.id = w.execution_id
        and e.lease_ticket = 0 and not e.finished
      returning e.id
    )
    select count(pg_notify('lockstep_execution', id || ' 60')) into v_told from killed;
  end if;

  with released as (
    delete from execution_waits w where w.on_execution_id = new.id returning w.execution_id
  ), counted as (
    update executions e set waits = e.waits - 1, nudged_at = '-infinity'
    from released r where e.id = r.execution_id and not e.finished
    returning e.id, e.waits
  )
  select count(pg_notify('lockstep_released', id::text)) into v_told from counted where waits = 0;
  return null;
end $$;

create trigger executions_ended after update of status on executions
for each row when (old.status not in (50, 60, 65, 70) and new.status in (50, 60, 65, 70))
execute function end_waits();

create function announce_progress() returns trigger
language plpgsql as $$
begin
  perform pg_notify('lockstep_progress', new.id::text);
  return null;
end $$;

create trigger executions_progress after update on executions
for each row when (new.followed and new.updated_at is not null)
execute function announce_progress();
