import type { EmbeddedPostgresOptions } from './embedded-postgres.js';

/** Command-line settings of the server: they beat every file in its data folder, so each release brings its own. */
export function serverSettings(start: { port: number; options: EmbeddedPostgresOptions }): readonly string[] {
  const settings = { ...SETTINGS, port: String(start.port), ...(start.options.fsync === false ? WITHOUT_FSYNC : {}) };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '96MB',
  // Asking for huge pages reserves memory nobody uses, and fails in containers.
  huge_pages: 'off',
  // Containers have 64 MB of shared memory by default; parallel queries would want more, and nothing here needs them.
  max_parallel_workers_per_gather: '0',
  max_parallel_maintenance_workers: '0',
  jit: 'off',
  // Helper processes that would idle: asynchronous reading, replication.
  io_method: 'sync',
  max_logical_replication_workers: '0',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '512MB',
  min_wal_size: '64MB',
  wal_buffers: '8MB',
  checkpoint_timeout: '10min',
  // A connection that died with its machine must not keep locks for two hours.
  tcp_keepalives_idle: '60',
  tcp_keepalives_interval: '10',
  tcp_keepalives_count: '3',
  log_checkpoints: 'off',
  log_line_prefix: '%m [%p] ',
  log_timezone: 'UTC',
  timezone: 'UTC',
  lc_messages: 'C',
};

/** For tests: a power failure would lose data, a crash of the server would not. */
const WITHOUT_FSYNC: Readonly<Record<string, string>> = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  shared_buffers: '32MB',
};
