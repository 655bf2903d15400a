-- Times of the domain are epoch milliseconds (bigint), as everywhere in the code; moments that belong to the database's
-- own clock (leases, nudges) are timestamptz. Texts a user controls and nobody searches are json, not jsonb: json keeps
-- them exactly as they were, NUL characters and lone surrogates included, where jsonb refuses the row.

create table projects (
  id integer generated always as identity primary key,
  name text not null,
  description text not null,
  active boolean not null default true,
  current_version integer not null default 0,
  created_at bigint not null,
  created_by text not null,
  modified_at bigint not null,
  modified_by text not null
);

create unique index projects_active_name on projects (name) where active;
create index projects_deleted_name on projects (name, id desc) where not active;

create table project_permissions (
  project_id integer not null references projects,
  is_group boolean not null,
  name text not null,
  -- Sum of the permissions' bits.
  permissions integer not null,
  primary key (project_id, is_group, name)
);

create table project_proxy_users (
  project_id integer not null references projects,
  name text not null,
  primary key (project_id, name)
);

create table project_events (
  id bigint generated always as identity primary key,
  project_id integer not null references projects,
  at bigint not null,
  user_name text not null,
  type text not null,
  message text
);

create index project_events_newest on project_events (project_id, id desc);

-- A row here says that all chunks of the file are there; it is written after the last one.
create table project_files (
  content_hash text primary key,
  size_bytes bigint not null,
  stored_at timestamptz not null default now()
);

create table project_file_chunks (
  content_hash text not null,
  chunk_no integer not null,
  -- Zips do not compress: external storage spares the attempt.
  data bytea storage external not null,
  primary key (content_hash, chunk_no)
);

create table project_versions (
  project_id integer not null references projects,
  version integer not null,
  uploaded_at bigint not null,
  uploaded_by text not null,
  file_name text not null,
  size_bytes bigint not null,
  content_hash text not null,
  -- The same hash while the zip is kept; null once retention has dropped it.
  file_hash text references project_files,
  flow_ids text[] not null,
  definition json not null,
  primary key (project_id, version)
);

create index project_versions_file on project_versions (file_hash) where file_hash is not null;
