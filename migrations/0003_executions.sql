-- One row per life of a worker process. Those that ended stay a while, so that nobody can come back under the id of a dead
-- worker and seem to hold what that one left behind.
create table workers (
  id text primary key,
  host text not null,
  pid integer not null,
  capacity integer not null,
  started_at timestamptz not null default now(),
  lease_until timestamptz not null,
  -- Unregistered, or declared dead.
  ended_at timestamptz
);

-- Room is left in every page so that the many updates of a running execution stay in it and touch no index.
create table executions (
  id bigint generated always as identity primary key,
  project_id integer not null references projects,
  project_name text not null,
  version integer not null,
  flow_id text not null,
  status smallint not null,
  -- SUCCEEDED, KILLED, EXECUTION_STOPPED, FAILED: what an execution can end with.
  finished boolean not null generated always as (status in (50, 60, 65, 70)) stored,
  submit_user text not null,
  submitted_at bigint not null,
  started_at bigint,
  ended_at bigint,
  updated_at bigint not null,
  modified_by text,
  source text not null,
  priority integer not null,
  options json not null,
  -- Who may write: the holder, and how often the execution has been claimed.
  lease_worker text,
  lease_ticket integer not null default 0,
  -- How many commits there are; the next one's sequence.
  commit_count integer not null default 0,
  nudged_at timestamptz not null default now()
) with (fillfactor = 70);

create index executions_of_flow on executions (project_id, flow_id, id desc);
create index executions_unfinished on executions (priority desc, id) where not finished;
create index executions_unfinished_of_flow on executions (project_id, flow_id, id) where not finished;
create index executions_waiting on executions (id) where status = 20;
create index executions_succeeded_of_flow on executions (project_id, flow_id, id desc) where status = 50;

create table execution_attempts (
  execution_id bigint not null,
  nested_id text not null,
  attempt integer not null,
  status smallint not null,
  started_at bigint,
  ended_at bigint,
  updated_at bigint not null,
  outputs json,
  primary key (execution_id, nested_id, attempt)
) with (fillfactor = 80);

-- What has happened, commit by commit: replaying it rebuilds the state of an execution.
create table execution_commits (
  execution_id bigint not null,
  sequence integer not null,
  ticket integer not null,
  events json not null,
  primary key (execution_id, sequence)
);

create table execution_requests (
  id bigint generated always as identity primary key,
  execution_id bigint not null,
  kind text not null,
  user_name text not null,
  at bigint not null
);

create index execution_requests_of_execution on execution_requests (execution_id, id);

create table log_chunks (
  execution_id bigint not null,
  nested_id text not null,
  attempt integer not null,
  start_byte bigint not null,
  end_byte bigint not null,
  -- Written as it comes: compressing would cost more processor time than a following reader should wait for.
  data bytea storage external not null,
  primary key (execution_id, nested_id, attempt, start_byte)
);
