-- The steps of an execution that must be one transaction in one round trip. Each statement of a function sees what was
-- committed before it began, so what is read after the row lock is never older than the lock.

-- Drops the zips of versions below `p_keep_from`, and the bytes nobody needs any more.
create function drop_project_files(p_project integer, p_keep_from integer) returns integer[]
language plpgsql as $$
declare
  v_versions integer[];
begin
  with dropped as (
    update project_versions v set file_hash = null
    where v.project_id = p_project and v.version < p_keep_from and v.file_hash is not null
      and not exists (
        select from executions e
        where e.project_id = p_project and e.version = v.version and not e.finished)
    returning v.version
  )
  select coalesce(array_agg(version order by version), '{}') into v_versions from dropped;

  -- An upload of the same bytes may be adding a version right now: it holds a share of this lock.
  perform from project_files f
  where not exists (select from project_versions v where v.file_hash = f.content_hash)
  order by content_hash for update;

  -- A day of grace for files whose version has not been added yet, none for those that had one.
  with gone as (
    delete from project_files f
    where not exists (select from project_versions v where v.file_hash = f.content_hash)
      and (f.stored_at < now() - interval '1 day'
        or exists (
          select from project_versions v
          where v.project_id = p_project and v.version = any (v_versions) and v.content_hash = f.content_hash))
    returning f.content_hash
  )
  delete from project_file_chunks c using gone where c.content_hash = gone.content_hash;
  return v_versions;
end $$;

-- Takes an execution for a living worker. No row = not claimable. A holder whose heartbeat has run out is declared dead
-- here, so that its next heartbeat tells it to stop.
create function claim_execution(p_execution bigint, p_worker text)
returns table (execution executions, events json)
language plpgsql as $$
declare
  v_execution executions;
begin
  select * into v_execution from executions e where e.id = p_execution for update;
  if not found or v_execution.finished or v_execution.waits > 0 then return; end if;
  if v_execution.lease_worker is not null then
    update workers w set ended_at = now()
    where w.id = v_execution.lease_worker and w.ended_at is null and w.lease_until < now();
    perform from workers w where w.id = v_execution.lease_worker and w.ended_at is null;
    if found then return; end if;
  end if;
  perform from workers w where w.id = p_worker and w.ended_at is null for key share;
  if not found then return; end if;

  update executions e set lease_worker = p_worker, lease_ticket = e.lease_ticket + 1
  where e.id = p_execution returning e.* into v_execution;
  return query
    select v_execution,
      (select json_agg(c.events order by c.sequence) from execution_commits c where c.execution_id = p_execution);
end $$;

-- One step of an execution. The bytes of all log chunks come as one value, cut by `p_log_lengths`: that keeps them out of
-- the text form of an array, which would double them.
create function commit_execution(
  p_execution bigint, p_worker text, p_ticket integer, p_sequence integer, p_events json,
  p_status smallint, p_final boolean, p_started_at bigint, p_ended_at bigint, p_updated_at bigint, p_modified_by text,
  p_nested_ids text[], p_attempts integer[], p_statuses smallint[],
  p_starts bigint[], p_ends bigint[], p_updates bigint[], p_outputs json[],
  p_log_nested_ids text[], p_log_attempts integer[], p_log_starts bigint[], p_log_lengths integer[], p_log_bytes bytea,
  p_handled bigint[]
) returns text
language plpgsql as $$
declare
  v_worker text;
  v_ticket integer;
  v_count integer;
begin
  select e.lease_worker, e.lease_ticket, e.commit_count into v_worker, v_ticket, v_count
  from executions e where e.id = p_execution for no key update;
  if not found or v_ticket <> p_ticket then return 'fenced'; end if;

  if p_sequence < v_count then
    perform from execution_commits c
    where c.execution_id = p_execution and c.sequence = p_sequence and c.ticket = p_ticket;
    return case when found then 'committed' else 'fenced' end;
  end if;
  if v_worker is distinct from p_worker then return 'fenced'; end if;
  if p_sequence > v_count then
    raise exception 'Commit % of execution % is out of order; the next one is %.', p_sequence, p_execution, v_count;
  end if;

  insert into execution_commits (execution_id, sequence, ticket, events)
  values (p_execution, p_sequence, p_ticket, p_events);

  -- Arrays, since json_to_recordset cannot pass a NUL character on, not even inside outputs nobody looks into.
  if p_nested_ids is not null then
    insert into execution_attempts as x
      (execution_id, nested_id, attempt, status, started_at, ended_at, updated_at, outputs)
    select p_execution, a.*
    from unnest(p_nested_ids, p_attempts, p_statuses, p_starts, p_ends, p_updates, p_outputs) a
    on conflict (execution_id, nested_id, attempt) do update
    set status = excluded.status, started_at = excluded.started_at, ended_at = excluded.ended_at,
      updated_at = excluded.updated_at, outputs = excluded.outputs;
  end if;

  update executions e
  set status = p_status, started_at = coalesce(p_started_at, e.started_at), ended_at = p_ended_at,
    updated_at = p_updated_at, modified_by = coalesce(p_modified_by, e.modified_by),
    commit_count = p_sequence + 1, lease_worker = case when p_final then null else e.lease_worker end
  where e.id = p_execution;

  if p_log_bytes is not null then
    insert into log_chunks as x (execution_id, nested_id, attempt, start_byte, end_byte, data)
    select p_execution, l.nested_id, l.attempt, l.start_byte, l.start_byte + l.length,
      substr(p_log_bytes, (sum(l.length) over (order by l.position) - l.length + 1)::integer, l.length)
    from unnest(p_log_nested_ids, p_log_attempts, p_log_starts, p_log_lengths) with ordinality
      as l (nested_id, attempt, start_byte, length, position)
    on conflict (execution_id, nested_id, attempt, start_byte) do update
    set end_byte = excluded.end_byte, data = excluded.data where x.end_byte < excluded.end_byte;
  end if;

  if p_final then
    delete from execution_requests r where r.execution_id = p_execution;
    perform pg_notify('lockstep_execution', p_execution || ' ' || p_status);
  elsif p_handled is not null then
    delete from execution_requests r where r.execution_id = p_execution and r.id = any (p_handled);
  end if;
  return 'committed';
end $$;

-- Appends chunks of many executions, those whose lease still holds; returns how many it stored.
create function append_log_chunks(
  p_executions bigint[], p_workers text[], p_tickets integer[],
  p_nested_ids text[], p_attempts integer[], p_starts bigint[], p_lengths integer[], p_bytes bytea
) returns integer
language plpgsql as $$
declare
  v_stored integer;
begin
  -- A claim by another worker either waits for this append or makes it void.
  perform from executions e where e.id = any (p_executions) order by e.id for key share;

  insert into log_chunks as x (execution_id, nested_id, attempt, start_byte, end_byte, data)
  select l.execution_id, l.nested_id, l.attempt, l.start_byte, l.start_byte + l.length,
    substr(p_bytes, l.end_position - l.length + 1, l.length)
  from (
    select u.*, (sum(u.length) over (order by u.position))::integer as end_position
    from unnest(p_executions, p_workers, p_tickets, p_nested_ids, p_attempts, p_starts, p_lengths) with ordinality
      as u (execution_id, worker, ticket, nested_id, attempt, start_byte, length, position)
  ) l
  join executions e on e.id = l.execution_id and e.lease_worker = l.worker and e.lease_ticket = l.ticket
  on conflict (execution_id, nested_id, attempt, start_byte) do update
  set end_byte = excluded.end_byte, data = excluded.data where x.end_byte < excluded.end_byte;
  get diagnostics v_stored = row_count;
  return v_stored;
end $$;
