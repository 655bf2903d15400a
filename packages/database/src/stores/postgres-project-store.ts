import {
  normalisePermissions,
  type Permission,
  type Project,
  type ProjectDefinition,
  type ProjectEvent,
  type ProjectEventType,
  type ProjectStore,
  type ProjectVersion,
} from '@lockstep/domain';
import type { Knex } from 'knex';
import {
  TABLE,
  type PermissionRow,
  type ProjectEventRow,
  type ProjectRow,
  type ProxyUserRow,
  type VersionRow,
} from '../tables.js';
import { addVersion } from './add-version.js';
import { createProject } from './create-project.js';
import { permissionBits, readProjects, type ProjectWithGrants } from './read-projects.js';

/** Everything of a version but the definition, which may be megabytes. */
const VERSION_COLUMNS = [
  'project_id',
  'version',
  'uploaded_at',
  'uploaded_by',
  'file_name',
  'size_bytes',
  'content_hash',
  'file_hash',
  'flow_ids',
] as const;

export class PostgresProjectStore implements ProjectStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  async create(project: { name: string; description: string; user: string; at: number }): Promise<Project | undefined> {
    const id = await createProject(this.#db, { ...project, permissions: permissionBits(['ADMIN']) });
    return id === undefined ? undefined : this.findById(id);
  }

  async findByName(name: string): Promise<Project | undefined> {
    return (await readProjects(this.#db, (query) => query.where({ name, active: true })))[0];
  }

  async findDeletedByName(name: string): Promise<Project | undefined> {
    const newest = (query: Knex.QueryBuilder<ProjectWithGrants>) =>
      query.where({ name, active: false }).orderBy('id', 'desc').limit(1);
    return (await readProjects(this.#db, newest))[0];
  }

  async findById(id: number): Promise<Project | undefined> {
    return (await readProjects(this.#db, (query) => query.where({ id })))[0];
  }

  listActive(): Promise<readonly Project[]> {
    return readProjects(this.#db, (query) => query.where({ active: true }).orderBy('name'));
  }

  async deactivate(id: number, change: { user: string; at: number }): Promise<void> {
    await this.#modify(id, change, { active: false });
  }

  async setDescription(id: number, change: { description: string; user: string; at: number }): Promise<void> {
    await this.#modify(id, change, { description: change.description });
  }

  async setPermissions(
    id: number,
    change: { name: string; isGroup: boolean; permissions: readonly Permission[]; user: string; at: number },
  ): Promise<void> {
    const entry = { project_id: id, is_group: change.isGroup, name: change.name };
    const permissions = permissionBits(normalisePermissions(change.permissions));
    if (permissions === 0) await this.#db<PermissionRow>(TABLE.permissions).where(entry).delete();
    else {
      await this.#db<PermissionRow>(TABLE.permissions)
        .insert({ ...entry, permissions })
        .onConflict(['project_id', 'is_group', 'name'])
        .merge(['permissions']);
    }
    await this.#modify(id, change, {});
  }

  async addProxyUser(id: number, proxyUser: string): Promise<void> {
    await this.#db<ProxyUserRow>(TABLE.proxyUsers).insert({ project_id: id, name: proxyUser }).onConflict().ignore();
  }

  async removeProxyUser(id: number, proxyUser: string): Promise<void> {
    await this.#db<ProxyUserRow>(TABLE.proxyUsers).where({ project_id: id, name: proxyUser }).delete();
  }

  addVersion(
    version: Omit<ProjectVersion, 'version' | 'hasFile'> & { readonly definition: ProjectDefinition },
  ): Promise<number> {
    return addVersion(this.#db, version);
  }

  async findVersion(projectId: number, version: number): Promise<ProjectVersion | undefined> {
    const row = await this.#versions().where({ project_id: projectId, version }).first();
    return row && readVersion(row);
  }

  async listVersions(projectId: number): Promise<readonly ProjectVersion[]> {
    const rows = await this.#versions().where({ project_id: projectId }).orderBy('version');
    return rows.map(readVersion);
  }

  async loadDefinition(projectId: number, version: number): Promise<ProjectDefinition | undefined> {
    const row = await this.#db<VersionRow>(TABLE.versions)
      .select('definition')
      .where({ project_id: projectId, version })
      .first();
    return row?.definition;
  }

  async dropFilesBelow(projectId: number, keepFrom: number): Promise<readonly number[]> {
    const { rows } = await this.#db.raw<{ rows: readonly { versions: readonly number[] }[] }>(
      'select drop_project_files(?, ?) as versions',
      [projectId, keepFrom],
    );
    return rows[0]?.versions ?? [];
  }

  async addEvent(event: ProjectEvent): Promise<void> {
    await this.#db<ProjectEventRow>(TABLE.projectEvents).insert({
      project_id: event.projectId,
      at: event.at,
      user_name: event.user,
      type: event.type,
      message: event.message ?? null,
    });
  }

  async listEvents(projectId: number, page: { skip: number; limit: number }): Promise<readonly ProjectEvent[]> {
    const rows = await this.#db<ProjectEventRow>(TABLE.projectEvents)
      .select('project_id', 'at', 'user_name', 'type', 'message')
      .where({ project_id: projectId })
      .orderBy('id', 'desc')
      .offset(page.skip)
      .limit(page.limit);
    return rows.map((row) => ({
      projectId: row.project_id,
      at: row.at,
      user: row.user_name,
      type: row.type as ProjectEventType,
      ...(row.message === null ? {} : { message: row.message }),
    }));
  }

  #versions() {
    return this.#db<VersionRow>(TABLE.versions).select(...VERSION_COLUMNS);
  }

  async #modify(id: number, change: { user: string; at: number }, columns: Partial<ProjectRow>): Promise<void> {
    await this.#db<ProjectRow>(TABLE.projects)
      .where({ id })
      .update({ ...columns, modified_at: change.at, modified_by: change.user });
  }
}

function readVersion(row: Pick<VersionRow, (typeof VERSION_COLUMNS)[number]>): ProjectVersion {
  return {
    projectId: row.project_id,
    version: row.version,
    uploadedAt: row.uploaded_at,
    uploadedBy: row.uploaded_by,
    fileName: row.file_name,
    sizeBytes: row.size_bytes,
    contentHash: row.content_hash,
    flowIds: row.flow_ids,
    hasFile: row.file_hash !== null,
  };
}
