import type { Permission } from './permission.js';

export interface Project {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly active: boolean;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly modifiedAt: number;
  readonly modifiedBy: string;
  /** 0 while nothing has been uploaded. */
  readonly currentVersion: number;
  readonly userPermissions: readonly PermissionEntry[];
  readonly groupPermissions: readonly PermissionEntry[];
  readonly proxyUsers: readonly string[];
}

export interface PermissionEntry {
  readonly name: string;
  readonly permissions: readonly Permission[];
}

export interface ProjectVersion {
  readonly projectId: number;
  readonly version: number;
  readonly uploadedAt: number;
  readonly uploadedBy: string;
  readonly fileName: string;
  readonly sizeBytes: number;
  /** SHA-256 of the zip, hexadecimal: the key of its bytes in `ProjectFiles`. */
  readonly contentHash: string;
  /** Ids of the flows that can be started, in the order of the definition. */
  readonly flowIds: readonly string[];
  /** false once retention has removed the zip; the definition stays for the history. */
  readonly hasFile: boolean;
}

/** What a zip contains, parsed and checked once at upload; plain JSON, never changed afterwards. */
export interface ProjectDefinition {
  readonly format: 'flow1' | 'flow2';
  /** By flow id; inner flows of Flow 2.0 (id `parent:node`) included. */
  readonly flows: Readonly<Record<string, FlowDefinition>>;
  /** By job key: the job name in Flow 1.0, `flowId:node` in Flow 2.0. Jobs may be shared by several flows. */
  readonly jobs: Readonly<Record<string, JobDefinition>>;
  /** By path inside the zip; only Flow 1.0 has them. */
  readonly propertyFiles: Readonly<Record<string, PropertyFile>>;
}

export type Properties = Readonly<Record<string, string>>;

export interface FlowDefinition {
  readonly id: string;
  /** true for an inner flow of Flow 2.0: listed nowhere, cannot be started by itself. */
  readonly embedded: boolean;
  readonly nodes: readonly NodeDefinition[];
  readonly edges: readonly FlowEdge[];
  /** Flow-level properties (Flow 2.0 `config`). */
  readonly properties: Properties;
  readonly failureEmails: readonly string[];
  readonly successEmails: readonly string[];
  readonly overrideEmails: readonly string[];
  readonly failureAction?: FailureAction;
  readonly trigger?: FlowTrigger;
}

export interface FlowEdge {
  readonly source: string;
  readonly target: string;
  /** Why the edge is broken, in the loader's words; a flow with such an edge cannot be uploaded. */
  readonly error?: string;
}

export interface NodeDefinition {
  readonly id: string;
  readonly type: string;
  readonly jobKey: string;
  /** Ids of siblings, in declared order, duplicates removed. */
  readonly dependsOn: readonly string[];
  /** Distance from the start nodes, 0 for those without dependencies. */
  readonly level: number;
  /** The text as written. */
  readonly condition?: string;
  /** Id of the flow this node embeds; set exactly when the node is an embedded flow. */
  readonly embeddedFlowId?: string;
}

export interface JobDefinition {
  /** The job's own properties (its `.job` file, or Flow 2.0 `config` plus `type`). */
  readonly properties: Properties;
  /** Path inside the zip of the file that defines it; its directory is the working directory. '' for Flow 2.0. */
  readonly source: string;
  /** Nearest inherited property file (a key of `propertyFiles`). */
  readonly propertyFile?: string;
}

export interface PropertyFile {
  readonly properties: Properties;
  /** The file it inherits from (lower precedence). */
  readonly inherits?: string;
}

export interface FlowTrigger {
  readonly cron: string;
  /** Undefined when there are no dependencies. */
  readonly maxWaitMinutes?: number;
  readonly dependencies: readonly { readonly name: string; readonly type: string; readonly params: Properties }[];
}

/** What happens to the rest of an execution when a job has failed. */
export const FAILURE_ACTIONS = ['FINISH_CURRENTLY_RUNNING', 'CANCEL_ALL', 'FINISH_ALL_POSSIBLE'] as const;
export type FailureAction = (typeof FAILURE_ACTIONS)[number];
