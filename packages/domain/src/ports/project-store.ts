import type { Permission } from '../permission.js';
import type { Project, ProjectDefinition, ProjectVersion } from '../project.js';

/** Kinds of entries of a project's event log (Azkaban's names). */
export type ProjectEventType =
  | 'CREATED'
  | 'DELETED'
  | 'USER_PERMISSION'
  | 'GROUP_PERMISSION'
  | 'DESCRIPTION'
  | 'UPLOADED'
  | 'SCHEDULE'
  | 'SLA'
  | 'PROXY_USER'
  | 'PURGE'
  | 'PROPERTY_OVERRIDE'
  | 'ERROR';

export interface ProjectEvent {
  readonly projectId: number;
  readonly at: number;
  readonly user: string;
  readonly type: ProjectEventType;
  readonly message?: string;
}

/** Projects, their versions, permissions and event log. Names are looked up among active projects only. */
export interface ProjectStore {
  /** Returns undefined when an active project of that name exists. The creator gets ADMIN. */
  create(project: { name: string; description: string; user: string; at: number }): Promise<Project | undefined>;
  findByName(name: string): Promise<Project | undefined>;
  /** The newest project of that name that was deleted, if any. */
  findDeletedByName(name: string): Promise<Project | undefined>;
  findById(id: number): Promise<Project | undefined>;
  /** All active projects by name. */
  listActive(): Promise<readonly Project[]>;
  deactivate(id: number, change: { user: string; at: number }): Promise<void>;
  setDescription(id: number, change: { description: string; user: string; at: number }): Promise<void>;
  /** An empty list removes the entry. */
  setPermissions(
    id: number,
    change: {
      name: string;
      isGroup: boolean;
      permissions: readonly Permission[];
      user: string;
      at: number;
    },
  ): Promise<void>;
  addProxyUser(id: number, proxyUser: string): Promise<void>;
  removeProxyUser(id: number, proxyUser: string): Promise<void>;

  /**
   * Stores the next version (highest so far + 1, under a lock on the project) and makes it the current one.
   * The bytes must be in `ProjectFiles` already, under `contentHash`.
   */
  addVersion(
    version: Omit<ProjectVersion, 'version' | 'hasFile'> & { readonly definition: ProjectDefinition },
  ): Promise<number>;
  findVersion(projectId: number, version: number): Promise<ProjectVersion | undefined>;
  listVersions(projectId: number): Promise<readonly ProjectVersion[]>;
  /** The parsed project of that version; stays available after retention has removed the zip. */
  loadDefinition(projectId: number, version: number): Promise<ProjectDefinition | undefined>;
  /**
   * Drops the zips of versions below `keepFrom`, except those an unfinished execution uses, and bytes no version needs
   * any more. Returns the versions dropped.
   */
  dropFilesBelow(projectId: number, keepFrom: number): Promise<readonly number[]>;

  addEvent(event: ProjectEvent): Promise<void>;
  /** Newest first. */
  listEvents(projectId: number, page: { skip: number; limit: number }): Promise<readonly ProjectEvent[]>;
}

/** The bytes of project zips, by SHA-256, so that any worker on any machine can fetch them. */
export interface ProjectFiles {
  has(contentHash: string): Promise<boolean>;
  /** Streams the bytes in; storing the same hash again is harmless. Bounded memory whatever the size. */
  write(contentHash: string, bytes: AsyncIterable<Uint8Array>): Promise<void>;
  /** Streams the bytes out; undefined when there are none under that hash. */
  read(contentHash: string): Promise<AsyncIterable<Uint8Array> | undefined>;
}
