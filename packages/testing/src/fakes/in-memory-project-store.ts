import type { InMemoryExecutions } from '@lockstep/database';
import {
  FINAL_EXECUTION_STATUSES,
  normalisePermissions,
  type Permission,
  type PermissionEntry,
  type Project,
  type ProjectDefinition,
  type ProjectEvent,
  type ProjectStore,
  type ProjectVersion,
} from '@lockstep/domain';
import type { InMemoryProjectFiles } from './in-memory-project-files.js';

interface StoredVersion extends ProjectVersion {
  readonly definition: ProjectDefinition;
}

interface Change {
  readonly user: string;
  readonly at: number;
}

export class InMemoryProjectStore implements ProjectStore {
  readonly #files: InMemoryProjectFiles;
  readonly #executions: InMemoryExecutions;
  #projects: readonly Project[] = [];
  #versions: readonly StoredVersion[] = [];
  #events: readonly ProjectEvent[] = [];

  constructor(options: { files: InMemoryProjectFiles; executions: InMemoryExecutions }) {
    this.#files = options.files;
    this.#executions = options.executions;
  }

  async create(project: { name: string; description: string; user: string; at: number }): Promise<Project | undefined> {
    if (this.#projects.some(({ active, name }) => active && name === project.name)) return undefined;
    const created: Project = {
      id: this.#projects.length + 1,
      name: project.name,
      description: project.description,
      active: true,
      createdAt: project.at,
      createdBy: project.user,
      modifiedAt: project.at,
      modifiedBy: project.user,
      currentVersion: 0,
      userPermissions: [{ name: project.user, permissions: ['ADMIN'] }],
      groupPermissions: [],
      proxyUsers: [],
    };
    this.#projects = [...this.#projects, created];
    return created;
  }

  async findByName(name: string): Promise<Project | undefined> {
    return this.#projects.find((project) => project.active && project.name === name);
  }

  async findDeletedByName(name: string): Promise<Project | undefined> {
    return this.#projects.findLast((project) => !project.active && project.name === name);
  }

  async findById(id: number): Promise<Project | undefined> {
    return this.#projects.find((project) => project.id === id);
  }

  async listActive(): Promise<readonly Project[]> {
    return this.#projects.filter(({ active }) => active).sort(byName);
  }

  async deactivate(id: number, change: Change): Promise<void> {
    this.#update(id, () => ({ active: false, ...modified(change) }));
  }

  async setDescription(id: number, change: Change & { description: string }): Promise<void> {
    this.#update(id, () => ({ description: change.description, ...modified(change) }));
  }

  async setPermissions(
    id: number,
    change: Change & { name: string; isGroup: boolean; permissions: readonly Permission[] },
  ): Promise<void> {
    const list = change.isGroup ? 'groupPermissions' : 'userPermissions';
    this.#update(id, (project) => ({ [list]: withEntry(project[list], change), ...modified(change) }));
  }

  async addProxyUser(id: number, proxyUser: string): Promise<void> {
    this.#update(id, ({ proxyUsers }) => ({ proxyUsers: [...new Set([...proxyUsers, proxyUser])].sort() }));
  }

  async removeProxyUser(id: number, proxyUser: string): Promise<void> {
    this.#update(id, ({ proxyUsers }) => ({ proxyUsers: proxyUsers.filter((name) => name !== proxyUser) }));
  }

  async addVersion(
    added: Omit<ProjectVersion, 'version' | 'hasFile'> & { readonly definition: ProjectDefinition },
  ): Promise<number> {
    if (!(await this.#files.has(added.contentHash))) {
      throw new Error(`Project file ${added.contentHash} is not stored; write it before adding a version of it.`);
    }
    // From here on nothing waits, so two uploads at once get two numbers.
    const project = this.#projects.find(({ id }) => id === added.projectId);
    if (project === undefined) throw new Error(`There is no project with id ${added.projectId}.`);
    const version = project.currentVersion + 1;
    this.#versions = [...this.#versions, { ...added, version, hasFile: true }];
    this.#update(added.projectId, () => ({
      currentVersion: version,
      ...modified({ user: added.uploadedBy, at: added.uploadedAt }),
    }));
    return version;
  }

  async findVersion(projectId: number, version: number): Promise<ProjectVersion | undefined> {
    return (await this.listVersions(projectId)).find((each) => each.version === version);
  }

  async listVersions(projectId: number): Promise<readonly ProjectVersion[]> {
    return this.#versions
      .filter((version) => version.projectId === projectId)
      .map(({ definition: _, ...version }) => version);
  }

  async loadDefinition(projectId: number, version: number): Promise<ProjectDefinition | undefined> {
    return this.#versions.find((each) => each.projectId === projectId && each.version === version)?.definition;
  }

  async dropFilesBelow(projectId: number, keepFrom: number): Promise<readonly number[]> {
    const dropped = this.#versions.filter(
      (each) =>
        each.projectId === projectId &&
        each.version < keepFrom &&
        each.hasFile &&
        !this.#isUsed(projectId, each.version),
    );
    this.#versions = this.#versions.map((each) => (dropped.includes(each) ? { ...each, hasFile: false } : each));
    const needed = new Set(this.#versions.filter(({ hasFile }) => hasFile).map(({ contentHash }) => contentHash));
    for (const { contentHash } of dropped) if (!needed.has(contentHash)) this.#files.remove(contentHash);
    return dropped.map(({ version }) => version);
  }

  async addEvent(event: ProjectEvent): Promise<void> {
    this.#events = [event, ...this.#events];
  }

  async listEvents(projectId: number, page: { skip: number; limit: number }): Promise<readonly ProjectEvent[]> {
    return this.#events.filter((event) => event.projectId === projectId).slice(page.skip, page.skip + page.limit);
  }

  /** Returns a function that brings back what is stored now. */
  snapshot(): () => void {
    const [projects, versions, events] = [this.#projects, this.#versions, this.#events];
    return () => {
      [this.#projects, this.#versions, this.#events] = [projects, versions, events];
    };
  }

  #isUsed(projectId: number, version: number): boolean {
    return this.#executions
      .all()
      .some(
        ({ execution }) =>
          execution.projectId === projectId &&
          execution.version === version &&
          !FINAL_EXECUTION_STATUSES.includes(execution.status),
      );
  }

  #update(id: number, change: (project: Project) => Partial<Project>): void {
    this.#projects = this.#projects.map((project) =>
      project.id === id ? { ...project, ...change(project) } : project,
    );
  }
}

function modified({ user, at }: Change): Partial<Project> {
  return { modifiedAt: at, modifiedBy: user };
}

function withEntry(
  entries: readonly PermissionEntry[],
  { name, permissions }: PermissionEntry,
): readonly PermissionEntry[] {
  const others = entries.filter((entry) => entry.name !== name);
  if (permissions.length === 0) return others;
  return [...others, { name, permissions: normalisePermissions(permissions) }].sort(byName);
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}
