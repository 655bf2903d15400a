import { createListDirectory } from '@lockstep/auth';
import type { UserEntry } from '@lockstep/auth';
import { DEFAULT_EXECUTION_OPTIONS } from '@lockstep/domain';
import type {
  AttemptRecord,
  Execution,
  ExecutionOptions,
  Permission,
  Project,
  ProjectDefinition,
  Status,
  Stores,
  User,
} from '@lockstep/domain';
import { createServices } from '../create-services.js';
import { createFollowUps } from '../follow-ups/create-follow-ups.js';
import type { FollowUps } from '../follow-ups/create-follow-ups.js';
import { DEFAULT_SERVICE_LIMITS } from '../dependencies.js';
import type { ProjectZipReading, ServiceDependencies, ServiceLimits } from '../dependencies.js';
import type { Services } from '../services.js';
import { aDefinition, aFlow } from './a-definition.js';
import { createFakeDatabase } from './fake-stores.js';
import type { FakeState } from './fake-stores.js';

const ROLES: readonly [name: string, permission: Permission][] = [
  ['admin', 'ADMIN'],
  ['reader', 'READ'],
  ['writer', 'WRITE'],
  ['executor', 'EXECUTE'],
  ['scheduler', 'SCHEDULE'],
  ['creator', 'CREATEPROJECTS'],
  ['uploader', 'UPLOADPROJECTS'],
];

export interface World {
  readonly services: Services;
  readonly followUps: FollowUps;
  readonly state: FakeState;
  readonly stores: Stores;
  readonly nudges: { readonly executionId: number; readonly ticket: number }[];
  readonly warnings: string[];
  /** What the next uploads are read as. */
  zip: ProjectZipReading;
  now: number;
  /** Active project with one version that has the given flows; default `nightly` with jobs a and b. */
  addProject(project: {
    name: string;
    definition?: ProjectDefinition;
    permissions?: readonly (readonly [user: string, permission: Permission])[];
  }): Promise<Project>;
  /** The next version of a project. */
  addVersion(projectName: string, definition: ProjectDefinition): Promise<void>;
  /** An execution in any state, as if it had been submitted and run so far. */
  addExecution(execution: Partial<Execution> & { projectName: string }): Promise<Execution>;
  addAttempt(attempt: Partial<AttemptRecord> & { executionId: number; nestedId: string; status: Status }): void;
  changeExecution(id: number, parts: Partial<Execution>): void;
}

/** All use cases over stores in memory. Users: one for each role, with its name as password; `nobody` has no role. */
export function aWorld(
  limits: Partial<ServiceLimits> = {},
  dependencies: Partial<Pick<ServiceDependencies, 'dispatcher' | 'workerDefaults'>> = {},
): World {
  const { state, stores, unitOfWork } = createFakeDatabase();
  const nudges: World['nudges'] = [];
  const warnings: string[] = [];
  const world: World = {
    state,
    stores,
    nudges,
    warnings,
    zip: { definition: nightly(), errors: [], warnings: [] },
    now: 1_000_000,
    services: undefined as unknown as Services,
    followUps: undefined as unknown as FollowUps,
    async addProject({ name, definition = nightly(), permissions = [] }) {
      const project = await stores.projects.create({ name, description: name, user: 'owner', at: world.now });
      if (project === undefined) throw new Error(`there is a project ${name} already`);
      for (const [user, permission] of permissions) {
        await stores.projects.setPermissions(project.id, {
          name: user,
          isGroup: false,
          permissions: [permission],
          user: 'owner',
          at: world.now,
        });
      }
      await addVersion(project, definition);
      return (await stores.projects.findById(project.id)) as Project;
    },
    addVersion: async (projectName, definition) =>
      addVersion((await stores.projects.findByName(projectName)) as Project, definition),
    async addExecution({ projectName, ...parts }) {
      const project = (await stores.projects.findByName(projectName)) as Project;
      const id = await stores.executions.insert({
        projectId: project.id,
        projectName,
        version: project.currentVersion,
        flowId: 'nightly',
        submitUser: 'owner',
        submittedAt: world.now,
        source: 'adhoc',
        options: DEFAULT_EXECUTION_OPTIONS,
      });
      state.taken.add(id);
      world.changeExecution(id, { status: 'RUNNING', startedAt: world.now, ...parts });
      return (await stores.executions.find(id)) as Execution;
    },
    addAttempt: (attempt) => void state.attempts.push({ attempt: 0, updatedAt: world.now, ...attempt }),
    changeExecution(id, parts) {
      state.executions = state.executions.map((one) => (one.id === id ? { ...one, ...parts } : one));
    },
  };
  const all: ServiceDependencies = {
    unitOfWork,
    stores,
    logReader: {
      readSlice: async ({ executionId, nestedId, attempt }, { offset, length }) => ({
        offset,
        length,
        text: `log of ${executionId}/${nestedId}/${attempt}`,
      }),
    },
    dispatcher: {
      nudge: async (execution) => void nudges.push(execution),
      close: async () => undefined,
    },
    users: createListDirectory({ current: () => USER_LIST }),
    clock: { now: () => world.now },
    log: { info: () => undefined, warn: (_fields, message) => void warnings.push(message) },
    readProjectZip: async () => world.zip,
    newSessionId: () => `session-${state.sessions.length + 1}`,
    limits: { ...DEFAULT_SERVICE_LIMITS, ...limits },
    ...dependencies,
  };
  return Object.assign(world, { services: createServices(all), followUps: createFollowUps(all) });

  async function addVersion(project: Project, definition: ProjectDefinition): Promise<void> {
    const contentHash = `hash of ${project.name}`;
    await stores.projectFiles.write(contentHash, bytesOf(`zip of ${project.name}`));
    await stores.projects.addVersion({
      projectId: project.id,
      uploadedAt: world.now,
      uploadedBy: 'owner',
      fileName: `${project.name}.zip`,
      sizeBytes: 1,
      contentHash,
      flowIds: Object.keys(definition.flows),
      definition,
    });
  }
}

/** A user as it is after a login. */
export function aUser(name: string, roles: readonly string[] = [], groups: readonly string[] = []): User {
  return { name, roles, groups, proxyUsers: [] };
}

export const ADMIN = aUser('root', ['admin']);
export const OWNER = aUser('owner');

export function someOptions(parts: Partial<ExecutionOptions> = {}): ExecutionOptions {
  return { ...DEFAULT_EXECUTION_OPTIONS, ...parts };
}

function nightly(): ProjectDefinition {
  return aDefinition([
    aFlow('nightly')
      .job('a')
      .job('b', { needs: ['a'] }),
  ]);
}

function aUserEntry(name: string, roles: readonly string[]): UserEntry {
  return { name, password: { kind: 'plain', password: name }, roles, groups: [], proxyUsers: [] };
}

const USER_LIST = {
  users: new Map(
    [aUserEntry('nobody', []), ...ROLES.map(([role]) => aUserEntry(role, [role]))].map((user) => [user.name, user]),
  ),
  groups: new Map<string, readonly string[]>(),
  roles: new Map(ROLES.map(([name, permission]) => [name, { name, permissions: [permission] }])),
};

async function* bytesOf(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text);
}
