import type { ExecutionOptions, ProjectDefinition, User } from '@lockstep/domain';

/** Names of the tables. Row types below are what knex reads and writes: bigint columns come as numbers. */
export const TABLE = {
  projects: 'projects',
  permissions: 'project_permissions',
  proxyUsers: 'project_proxy_users',
  projectEvents: 'project_events',
  projectFiles: 'project_files',
  projectFileChunks: 'project_file_chunks',
  versions: 'project_versions',
  sessions: 'sessions',
  workers: 'workers',
  executions: 'executions',
  attempts: 'execution_attempts',
  commits: 'execution_commits',
  requests: 'execution_requests',
  logChunks: 'log_chunks',
  flowTriggers: 'flow_triggers',
  flowLocks: 'flow_locks',
} as const;

export interface ProjectRow {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly active: boolean;
  readonly current_version: number;
  readonly created_at: number;
  readonly created_by: string;
  readonly modified_at: number;
  readonly modified_by: string;
}

export interface PermissionRow {
  readonly project_id: number;
  readonly is_group: boolean;
  readonly name: string;
  readonly permissions: number;
}

export interface ProxyUserRow {
  readonly project_id: number;
  readonly name: string;
}

export interface ProjectEventRow {
  readonly id: number;
  readonly project_id: number;
  readonly at: number;
  readonly user_name: string;
  readonly type: string;
  readonly message: string | null;
}

export interface VersionRow {
  readonly project_id: number;
  readonly version: number;
  readonly uploaded_at: number;
  readonly uploaded_by: string;
  readonly file_name: string;
  readonly size_bytes: number;
  readonly content_hash: string;
  readonly file_hash: string | null;
  readonly flow_ids: readonly string[];
  readonly definition: ProjectDefinition;
}

export interface SessionRow {
  readonly id_hash: string;
  readonly user_name: string;
  readonly address: string;
  readonly user_facts: User;
  readonly created_at: number;
  readonly last_used_at: number;
}

export interface ExecutionRow {
  readonly id: number;
  readonly project_id: number;
  readonly project_name: string;
  readonly version: number;
  readonly flow_id: string;
  readonly status: number;
  readonly submit_user: string;
  readonly submitted_at: number;
  readonly started_at: number | null;
  readonly ended_at: number | null;
  readonly updated_at: number;
  readonly modified_by: string | null;
  readonly source: string;
  readonly priority: number;
  readonly retry_of: number | null;
  readonly retry_root: number | null;
  /** Status codes. */
  readonly retry_statuses: readonly number[] | null;
  readonly retries_left: number;
  readonly lineage: readonly string[] | null;
  readonly plan_root: number | null;
  readonly options: ExecutionOptions;
  readonly lease_worker: string | null;
  readonly lease_ticket: number;
  readonly commit_count: number;
}

export interface AttemptRow {
  readonly execution_id: number;
  readonly nested_id: string;
  readonly attempt: number;
  readonly status: number;
  readonly started_at: number | null;
  readonly ended_at: number | null;
  readonly updated_at: number;
  readonly outputs: Readonly<Record<string, string>> | null;
}

export interface RequestRow {
  readonly id: number;
  readonly execution_id: number;
  readonly kind: string;
  readonly user_name: string;
  readonly at: number;
}

export interface FlowTriggerRow {
  readonly project_id: number;
  readonly flow_id: string;
  readonly upstream_project: string;
  readonly upstream_flow: string;
  readonly data_driven: boolean;
  readonly succeeded_execution: number | null;
}

export interface FlowLockRow {
  readonly project_id: number;
  readonly flow_id: string;
  readonly message: string | null;
  readonly locked_by: string;
  readonly locked_at: number;
}
