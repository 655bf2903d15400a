create table sessions (
  -- SHA-256 of the session id: who reads the table cannot log in with it.
  id_hash text primary key,
  user_name text not null,
  address text not null,
  user_facts json not null,
  created_at bigint not null,
  last_used_at bigint not null
);

create index sessions_of_user on sessions (user_name, address);
create index sessions_last_used on sessions (last_used_at);
