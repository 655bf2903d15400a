import { FINAL_EXECUTION_STATUSES, normalisePermissions } from '@lockstep/domain';
import type {
  AttemptRecord,
  Execution,
  ExecutionEndStore,
  ExecutionRequest,
  ExecutionStore,
  FlowDependency,
  FlowDependencyStore,
  FlowLock,
  FlowLockStore,
  Project,
  ProjectDefinition,
  ProjectEvent,
  ProjectFiles,
  ProjectStore,
  ProjectVersion,
  Session,
  SessionStore,
  Stores,
  UnitOfWork,
} from '@lockstep/domain';

interface StoredVersion extends ProjectVersion {
  readonly definition: ProjectDefinition;
}

/** Everything that is stored, open to the tests. */
export class FakeState {
  projects: Project[] = [];
  versions: StoredVersion[] = [];
  events: ProjectEvent[] = [];
  files = new Map<string, Uint8Array>();
  executions: Execution[] = [];
  attempts: (AttemptRecord & { readonly executionId: number })[] = [];
  requests: Omit<ExecutionRequest, 'id'>[] = [];
  waits: { readonly id: number; readonly on: readonly number[]; readonly needsSuccess: boolean }[] = [];
  ends: number[] = [];
  putOff: number[] = [];
  dependencies: FlowDependency[] = [];
  locks: FlowLock[] = [];
  sessions: { readonly session: Session; usedAt: number }[] = [];
  /** Executions a worker has taken. */
  taken = new Set<number>();
  /** Storing such an event fails. */
  failOnEvent: ProjectEvent['type'] | undefined = undefined;
}

export interface FakeDatabase {
  readonly state: FakeState;
  readonly stores: Stores;
  readonly unitOfWork: UnitOfWork;
}

/** Stores in memory with real transactions: one at a time, and undone when the work throws. */
export function createFakeDatabase(): FakeDatabase {
  const state = new FakeState();
  const stores: Stores = {
    projects: fakeProjects(state),
    projectFiles: fakeFiles(state),
    executions: fakeExecutions(state),
    executionEnds: fakeEnds(state),
    flowDependencies: fakeDependencies(state),
    flowLocks: fakeLocks(state),
    sessions: fakeSessions(state),
  };
  let last: Promise<unknown> = Promise.resolve();

  return {
    state,
    stores,
    unitOfWork: {
      transaction: (work) => {
        const result = last.then(async () => {
          const before = structuredClone(state);
          try {
            return await work(stores);
          } catch (error) {
            Object.assign(state, before);
            throw error;
          }
        });
        last = result.catch(() => undefined);
        return result;
      },
    },
  };
}

function fakeProjects(state: FakeState): ProjectStore {
  const active = (): Project[] => state.projects.filter((project) => project.active);
  const change = (id: number, parts: Partial<Project>): void => {
    state.projects = state.projects.map((project) => (project.id === id ? { ...project, ...parts } : project));
  };
  const find = (id: number): Project => {
    const project = state.projects.find((candidate) => candidate.id === id);
    if (project === undefined) throw new Error(`no project ${id}`);
    return project;
  };

  return {
    async create({ name, description, user, at }) {
      if (active().some((project) => project.name === name)) return undefined;
      const project: Project = {
        id: state.projects.length + 1,
        name,
        description,
        active: true,
        createdAt: at,
        createdBy: user,
        modifiedAt: at,
        modifiedBy: user,
        currentVersion: 0,
        userPermissions: [{ name: user, permissions: ['ADMIN'] }],
        groupPermissions: [],
        proxyUsers: [],
      };
      state.projects.push(project);
      return project;
    },
    findByName: async (name) => active().find((project) => project.name === name),
    findDeletedByName: async (name) => state.projects.findLast((project) => !project.active && project.name === name),
    findById: async (id) => state.projects.find((project) => project.id === id),
    listActive: async () => active().sort((one, other) => (one.name < other.name ? -1 : 1)),
    deactivate: async (id, { user, at }) => change(id, { active: false, modifiedBy: user, modifiedAt: at }),
    setDescription: async (id, { description, user, at }) =>
      change(id, { description, modifiedBy: user, modifiedAt: at }),
    async setPermissions(id, { name, isGroup, permissions }) {
      const key = isGroup ? 'groupPermissions' : 'userPermissions';
      const others = find(id)[key].filter((entry) => entry.name !== name);
      const entry = { name, permissions: normalisePermissions(permissions) };
      change(id, { [key]: permissions.length === 0 ? others : [...others, entry] });
    },
    addProxyUser: async (id, proxyUser) => change(id, { proxyUsers: [...find(id).proxyUsers, proxyUser] }),
    removeProxyUser: async (id, proxyUser) =>
      change(id, { proxyUsers: find(id).proxyUsers.filter((name) => name !== proxyUser) }),
    async addVersion(version) {
      if (!state.files.has(version.contentHash)) throw new Error('the bytes of the version are not stored');
      const number = Math.max(0, ...state.versions.filter(of(version.projectId)).map((stored) => stored.version)) + 1;
      state.versions.push({ ...version, version: number, hasFile: true });
      change(version.projectId, { currentVersion: number });
      return number;
    },
    findVersion: async (projectId, version) =>
      state.versions.find((stored) => stored.projectId === projectId && stored.version === version),
    listVersions: async (projectId) => state.versions.filter(of(projectId)),
    loadDefinition: async (projectId, version) =>
      state.versions.find((stored) => stored.projectId === projectId && stored.version === version)?.definition,
    async dropFilesBelow(projectId, keepFrom) {
      const dropped: number[] = [];
      state.versions = state.versions.map((stored) => {
        if (stored.projectId !== projectId || stored.version >= keepFrom || !stored.hasFile) return stored;
        dropped.push(stored.version);
        return { ...stored, hasFile: false };
      });
      return dropped;
    },
    async addEvent(event) {
      if (event.type === state.failOnEvent) throw new Error('the database is gone');
      state.events.push(event);
    },
    listEvents: async (projectId, { skip, limit }) =>
      state.events
        .filter(of(projectId))
        .reverse()
        .slice(skip, skip + limit),
  };
}

function fakeFiles(state: FakeState): ProjectFiles {
  return {
    has: async (contentHash) => state.files.has(contentHash),
    async write(contentHash, bytes) {
      const parts: Uint8Array[] = [];
      for await (const part of bytes) parts.push(part);
      state.files.set(contentHash, Buffer.concat(parts));
    },
    async read(contentHash) {
      const bytes = state.files.get(contentHash);
      return bytes === undefined ? undefined : once(bytes);
    },
  };
}

function fakeExecutions(state: FakeState): ExecutionStore {
  const unfinished = ({ status }: Execution): boolean => !FINAL_EXECUTION_STATUSES.includes(status);
  const ofFlow = (projectId: number, flowId: string): Execution[] =>
    state.executions.filter((execution) => execution.projectId === projectId && execution.flowId === flowId);

  return {
    lockFlow: async () => undefined,
    lockFlows: async () => undefined,
    plannedWith: async (root) => state.executions.filter(({ id, planRoot }) => id === root || planRoot === root),
    unfinishedOfFlow: async (projectId, flowId) =>
      ofFlow(projectId, flowId)
        .filter(unfinished)
        .map(({ id }) => id),
    countWaiting: async () => state.executions.filter((one) => unfinished(one) && !state.taken.has(one.id)).length,
    async insert(execution) {
      const id = state.executions.length + 1;
      state.executions.push({ ...execution, id, status: 'PREPARING', updatedAt: execution.submittedAt });
      return id;
    },
    async addWaits(id, waits) {
      if (waits.on.length > 0) state.waits.push({ id, ...waits });
    },
    retriesOf: async (root) => state.executions.filter(({ id, retryRoot }) => id === root || retryRoot === root),
    find: async (id) => state.executions.find((execution) => execution.id === id),
    attemptsOf: async (id) => state.attempts.filter(({ executionId }) => executionId === id),
    async listOfFlow({ projectId, flowId }, { start, length }) {
      const all = ofFlow(projectId, flowId).reverse();
      return { total: all.length, executions: all.slice(start, start + length) };
    },
    lastSuccessfulOfFlow: async (projectId, flowId) =>
      ofFlow(projectId, flowId).findLast(({ status }) => status === 'SUCCEEDED')?.id,
    list: async (_filter, { start, length }) => [...state.executions].reverse().slice(start, start + length),
    async killUnstarted(id, { user, at }) {
      const execution = state.executions.find((candidate) => candidate.id === id);
      if (execution === undefined || !unfinished(execution) || state.taken.has(id)) return false;
      state.executions = state.executions.map((one) =>
        one.id === id ? { ...one, status: 'KILLED', endedAt: at, updatedAt: at, modifiedBy: user } : one,
      );
      return true;
    },
    addRequest: async (request) => void state.requests.push(request),
  };
}

/** Ends are noted by the tests; what is put off is not due again. */
function fakeEnds(state: FakeState): ExecutionEndStore {
  return {
    take: async () => state.ends.shift(),
    putOff: async (id) => {
      state.ends = state.ends.filter((end) => end !== id);
      state.putOff.push(id);
    },
    handOverWaits: async ({ from, to }) => {
      state.waits = state.waits.map((wait) =>
        wait.needsSuccess ? { ...wait, on: wait.on.map((id) => (id === from ? to : id)) } : wait,
      );
    },
    failWaits: async (failed) => {
      const waiting = state.waits.filter(({ on, needsSuccess }) => needsSuccess && on.includes(failed));
      state.executions = state.executions.map((one) =>
        waiting.some(({ id }) => id === one.id) ? { ...one, status: 'KILLED' } : one,
      );
    },
  };
}

function fakeDependencies(state: FakeState): FlowDependencyStore {
  const active = (): FlowDependency[] =>
    state.dependencies.filter(({ projectId }) => state.projects.find(({ id }) => id === projectId)?.active === true);
  return {
    async replace(projectId, declared) {
      const project = state.projects.find(({ id }) => id === projectId)?.name ?? '';
      state.dependencies = [
        ...state.dependencies.filter((known) => known.projectId !== projectId),
        ...declared.map((dependency) => ({ projectId, project, ...dependency })),
      ];
    },
    list: async () => active(),
    after: async ({ project, flow }) =>
      active().filter((one) => one.dataDriven && one.upstream.project === project && one.upstream.flow === flow),
    of: async (projectId, flowId) => active().filter((one) => one.projectId === projectId && one.flowId === flowId),
    async noteSuccess({ projectId, flowId, upstream, executionId: succeededExecution }) {
      state.dependencies = state.dependencies.map((one) =>
        one.projectId === projectId &&
        one.flowId === flowId &&
        one.upstream.project === upstream.project &&
        one.upstream.flow === upstream.flow
          ? { ...one, succeededExecution }
          : one,
      );
    },
    async forgetSuccesses(projectId, flowId) {
      state.dependencies = state.dependencies.map(({ succeededExecution, ...one }) =>
        (one.projectId === projectId && one.flowId === flowId) || succeededExecution === undefined
          ? one
          : { ...one, succeededExecution },
      );
    },
  };
}

function fakeLocks(state: FakeState): FlowLockStore {
  const others = (projectId: number, flowId: string): FlowLock[] =>
    state.locks.filter((lock) => lock.projectId !== projectId || lock.flowId !== flowId);
  return {
    find: async (projectId, flowId) => state.locks.find((one) => one.projectId === projectId && one.flowId === flowId),
    set: async (lock) => void (state.locks = [...others(lock.projectId, lock.flowId), lock]),
    remove: async (projectId, flowId) => void (state.locks = others(projectId, flowId)),
  };
}

function fakeSessions(state: FakeState): SessionStore {
  const isAlive = ({ usedAt }: { usedAt: number }, use: { now: number; timeToLiveMs: number }): boolean =>
    usedAt > use.now - use.timeToLiveMs;

  return {
    async add(session, { maxSessions }) {
      state.sessions = [...state.sessions, { session, usedAt: session.createdAt }].slice(-maxSessions);
    },
    async touch(id, use) {
      const found = state.sessions.find(({ session }) => session.id === id);
      if (found === undefined || !isAlive(found, use)) return undefined;
      found.usedAt = use.now;
      return found.session;
    },
    async remove(id) {
      state.sessions = state.sessions.filter(({ session }) => session.id !== id);
    },
    count: async ({ user, address, ...use }) =>
      state.sessions.filter(
        (one) => one.session.user.name === user && one.session.address === address && isAlive(one, use),
      ).length,
    async expire(use) {
      const before = state.sessions.length;
      state.sessions = state.sessions.filter((one) => isAlive(one, use));
      return before - state.sessions.length;
    },
  };
}

function of(projectId: number): (row: { readonly projectId: number }) => boolean {
  return (row) => row.projectId === projectId;
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
