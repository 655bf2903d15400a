import {
  type AttemptRecord,
  DEFAULT_EXECUTION_OPTIONS,
  DomainError,
  type Execution,
  type ExecutionOptions,
  type ExecutionPlan,
  type FlowDefinition,
  type NodeDefinition,
  type Permission,
  type PlanNode,
  type Project,
  type ProjectDefinition,
  type ProjectEvent,
  type Session,
  type User,
} from '@lockstep/domain';
import type { ExecutionDetail, JobExplanation, OnlyJobs, Services, UploadOutcome } from '@lockstep/services';
import { readFile } from 'node:fs/promises';

export interface FakeWorld {
  readonly services: Services;
  readonly projects: Map<string, Project>;
  readonly executions: Map<number, Execution>;
  readonly details: Map<number, ExecutionDetail>;
  /** By `executionId/nestedId`; '' is the flow log. */
  readonly logs: Map<string, string>;
  readonly uploads: { readonly projectName: string; readonly fileName: string; readonly bytes: Buffer; path: string }[];
  readonly submitted: { readonly flowId: string; readonly options: ExecutionOptions; readonly only?: OnlyJobs }[];
  readonly reruns: { readonly id: number; readonly from: string; readonly version?: string }[];
  /** By flow id: the message. */
  readonly locks: Map<string, string | undefined>;
  readonly events: ProjectEvent[];
  readonly sessions: Map<string, Session>;
  /** How often sessions have been looked up. */
  sessionLookups: number;
  /** Throws here instead of storing, or answers with warnings. */
  onUpload: () => readonly string[];
  /** What a submission throws. */
  onSubmit: () => void;
  running: readonly number[];
  definition: ProjectDefinition;
}

const AT = 1_407_779_473_318;

/** Users: `azkaban` (administrator), `reader` (READ on every project), `nobody`; the name is the password. */
export function createFakeWorld(): FakeWorld {
  const world: FakeWorld = {
    services: undefined as unknown as Services,
    projects: new Map(),
    executions: new Map(),
    details: new Map(),
    logs: new Map(),
    uploads: [],
    submitted: [],
    reruns: [],
    locks: new Map(),
    events: [],
    sessions: new Map(),
    sessionLookups: 0,
    onUpload: () => [],
    onSubmit: () => undefined,
    running: [],
    definition: aDefinition(aFlow('test', [aNode('a'), aNode('b', { dependsOn: ['a'], level: 1 })])),
  };
  return Object.assign(world, { services: servicesOf(world) });
}

export function aNode(id: string, parts: Partial<NodeDefinition> = {}): NodeDefinition {
  return { id, type: 'command', jobKey: id, dependsOn: [], level: 0, ...parts };
}

export function aFlow(
  id: string,
  nodes: readonly NodeDefinition[],
  parts: Partial<FlowDefinition> = {},
): FlowDefinition {
  return {
    id,
    embedded: false,
    nodes,
    edges: [],
    properties: {},
    failureEmails: ['ops@example.com'],
    successEmails: [],
    overrideEmails: [],
    ...parts,
  };
}

export function aDefinition(...flows: readonly FlowDefinition[]): ProjectDefinition {
  return {
    format: 'flow1',
    flows: Object.fromEntries(flows.map((flow) => [flow.id, flow])),
    jobs: {},
    propertyFiles: {},
  };
}

export function aProject(name: string, parts: Partial<Project> = {}): Project {
  return {
    id: 192,
    name,
    description: 'a project',
    active: true,
    createdAt: AT,
    createdBy: 'azkaban',
    modifiedAt: AT,
    modifiedBy: 'azkaban',
    currentVersion: 0,
    userPermissions: [{ name: 'azkaban', permissions: ['ADMIN'] }],
    groupPermissions: [],
    proxyUsers: ['azkaban'],
    ...parts,
  };
}

export function anExecution(id: number, parts: Partial<Execution> = {}): Execution {
  return {
    id,
    projectId: 192,
    projectName: 'demo',
    version: 1,
    flowId: 'test',
    status: 'RUNNING',
    submitUser: 'azkaban',
    submittedAt: AT,
    updatedAt: AT,
    source: 'adhoc',
    options: DEFAULT_EXECUTION_OPTIONS,
    ...parts,
  };
}

export function aPlanNode(index: number, id: string, parts: Partial<PlanNode> = {}): PlanNode {
  return {
    index,
    id,
    nestedId: id,
    type: 'command',
    kind: 'job',
    parent: 0,
    dependencies: [],
    dependants: [],
    children: [],
    startNodes: [],
    endNodes: [],
    disabled: false,
    waitsFor: [],
    flowId: 'test',
    jobKey: id,
    ...parts,
  };
}

export function aDetail(
  execution: Execution,
  nodes: readonly PlanNode[],
  current: readonly Partial<AttemptRecord>[],
): ExecutionDetail {
  const plan: ExecutionPlan = {
    nodes,
    failureAction: 'FINISH_CURRENTLY_RUNNING',
    jobThreads: 10,
    notifyOnFirstFailure: true,
    flowParameters: {},
    indexOf: new Map(nodes.map((node) => [node.nestedId, node.index])),
  };
  const records = nodes.map(({ nestedId }, index): AttemptRecord => ({
    nestedId,
    attempt: 0,
    status: 'READY',
    updatedAt: 0,
    ...current[index],
  }));
  return { execution, plan, current: records, pastAttempts: new Map() };
}

function anExplanation(
  job: Pick<JobExplanation, 'flowId' | 'nestedId' | 'attempt'>,
  region: string | undefined,
): JobExplanation {
  return {
    ...job,
    outputsToCome: ['a'],
    properties: [
      {
        key: 'region',
        raw: '${zone}',
        ...(region === undefined ? { error: 'no zone' } : { value: region }),
        origin: { kind: 'flow-parameter' },
        overrides: [{ origin: { kind: 'file', path: 'common.properties' }, value: 'asia' }],
        knownAtRunTime: false,
      },
    ],
  };
}

function servicesOf(world: FakeWorld): Services {
  const can = (user: User, permission: Permission, project: Project): boolean =>
    user.roles.includes('admin') ||
    (user.name === 'reader' && permission === 'READ') ||
    project.userPermissions.some(
      ({ name, permissions }) =>
        name === user.name && (permissions.includes(permission) || permissions.includes('ADMIN')),
    );
  const assertCan = (user: User, permission: Permission, project: Project): void => {
    if (can(user, permission, project)) return;
    throw new DomainError('permission.missing', { user: user.name, permission, project: project.name });
  };
  const find = async (name: string): Promise<Project> => {
    const project = world.projects.get(name);
    if (project === undefined) throw new DomainError('project.not-found', { project: name });
    return project;
  };
  const authenticate = async ({ username, password }: { username: string; password: string }): Promise<User> => {
    if (username.trim() === '') throw new DomainError('user.empty-name');
    if (password.trim() === '') throw new DomainError('user.empty-password');
    if (username !== password) throw new DomainError('user.wrong-password');
    return { name: username, groups: [], roles: username === 'azkaban' ? ['admin'] : [], proxyUsers: [] };
  };
  const findExecution = async (user: User, id: number, permission: Permission = 'READ'): Promise<Execution> => {
    const execution = world.executions.get(id);
    if (execution === undefined) throw new DomainError('execution.not-found', { execution: id });
    assertCan(user, permission, await find(execution.projectName));
    return execution;
  };
  const control = async (user: User, id: number): Promise<void> => {
    const { flowId, status } = await findExecution(user, id, 'EXECUTE');
    if (status !== 'RUNNING') throw new DomainError('execution.not-running', { execution: id, flow: flowId });
  };
  const assertCanUpload = async (user: User, projectName: string): Promise<Project> => {
    const project = await find(projectName);
    assertCan(user, 'WRITE', project);
    return project;
  };
  const assertHasFlow = (project: string, flow: string): void => {
    if (world.definition.flows[flow] === undefined) throw new DomainError('flow.not-found', { project, flow });
  };
  const slice = (key: string, offset: number, length: number) => {
    const bytes = Buffer.from(world.logs.get(key) ?? '').subarray(offset, offset + length);
    return { offset, length: bytes.length, text: bytes.toString() };
  };

  return {
    sessions: {
      authenticate,
      login: async (credentials) => {
        const user = await authenticate(credentials);
        const id = `00000000-0000-4000-8000-${String(world.sessions.size + 1).padStart(12, '0')}`;
        const session = { id, user, address: credentials.address, createdAt: AT };
        world.sessions.set(id, session);
        return session;
      },
      find: async (id) => {
        world.sessionLookups++;
        return world.sessions.get(id);
      },
      logout: async (id) => void world.sessions.delete(id),
    },
    projects: {
      create: async (user, { name, description }) => {
        if (name === '') throw new DomainError('project.empty-name');
        if (description === '') throw new DomainError('project.empty-description');
        if (!/^[a-zA-Z][\w-]*$/.test(name)) throw new DomainError('project.bad-name', { project: name });
        if (world.projects.has(name)) throw new DomainError('project.exists', { project: name });
        const project = aProject(name, { description, modifiedBy: user.name });
        world.projects.set(name, project);
        return project;
      },
      remove: async (user, name) => {
        const project = await find(name);
        assertCan(user, 'ADMIN', project);
        world.projects.delete(name);
        return project;
      },
      find,
      findById: async (id) => [...world.projects.values()].find((project) => project.id === id),
      can,
      assertCan,
      isAdmin: (user) => user.roles.includes('admin'),
      listAll: async () => [...world.projects.values()],
      listOfUser: async (name) =>
        [...world.projects.values()].filter(({ userPermissions }) =>
          userPermissions.some((entry) => entry.name === name),
        ),
      assertCanUpload,
      upload: async (user, { projectName, fileName, path }): Promise<UploadOutcome> => {
        const project = await assertCanUpload(user, projectName);
        world.uploads.push({ projectName, fileName, path, bytes: await readFile(path) });
        const warnings = world.onUpload();
        const version = project.currentVersion + 1;
        world.projects.set(projectName, { ...project, currentVersion: version });
        return { project, version, warnings };
      },
      download: async (user, { projectName, version }) => {
        const project = await find(projectName);
        assertCan(user, 'READ', project);
        const upload = world.uploads.at(-1);
        const number = version ?? project.currentVersion;
        if (upload === undefined || number !== project.currentVersion) {
          throw new DomainError('version.not-found', { project: projectName, version: number });
        }
        return {
          project,
          version: {
            projectId: project.id,
            version: number,
            uploadedAt: AT,
            uploadedBy: user.name,
            fileName: upload.fileName,
            sizeBytes: upload.bytes.length,
            contentHash: '',
            flowIds: [],
            hasFile: true,
          },
          bytes: (async function* () {
            yield upload.bytes;
          })(),
        };
      },
      definition: async (user, project) => {
        assertCan(user, 'READ', project);
        return world.definition;
      },
      flow: async (user, project, flowId) => {
        assertCan(user, 'READ', project);
        const flow = world.definition.flows[flowId];
        if (flow === undefined) throw new DomainError('flow.not-found', { project: project.name, flow: flowId });
        return flow;
      },
      explainJob: async (user, { projectName, flowId, nestedId, options }) => {
        assertCan(user, 'READ', await find(projectName));
        if (nestedId === 'unknown') throw new DomainError('job.not-found', { flow: flowId, job: nestedId });
        return anExplanation({ flowId, nestedId, attempt: 0 }, options.flowParameters['region']);
      },
      changeDescription: async (user, project, description) => {
        assertCan(user, 'WRITE', project);
        world.projects.set(project.name, { ...project, description });
      },
      events: async (_user, _project, { skip, limit }) => world.events.slice(skip, skip + limit),
      setFlowLock: async (user, { projectName, flowId, isLocked, message }) => {
        assertCan(user, 'ADMIN', await find(projectName));
        assertHasFlow(projectName, flowId);
        if (isLocked) world.locks.set(flowId, message);
        else world.locks.delete(flowId);
      },
      isFlowLocked: async (user, { projectName, flowId }) => {
        assertCan(user, 'READ', await find(projectName));
        assertHasFlow(projectName, flowId);
        return world.locks.has(flowId);
      },
    },
    executions: {
      submit: async (user, { projectName, flowId, options, only }) => {
        assertCan(user, 'EXECUTE', await find(projectName));
        assertHasFlow(projectName, flowId);
        world.onSubmit();
        world.submitted.push({ flowId, options, ...(only && { only }) });
        const pipelined = options.concurrentOption === 'pipeline' ? world.running.at(-1) : undefined;
        const decided = pipelined === undefined ? options : { ...options, pipelineExecutionId: pipelined };
        return { execution: anExecution(295, { flowId, options: decided }), concurrentWith: world.running };
      },
      find: findExecution,
      rerun: async (user, id, how) => {
        const { flowId } = await findExecution(user, id, 'EXECUTE');
        world.onSubmit();
        world.reruns.push({ id, ...how });
        return { execution: anExecution(296, { flowId, retryOf: id, retryRoot: id }), concurrentWith: world.running };
      },
      chain: async (user, id) => [await findExecution(user, id)],
      planChain: async () => [],
      submitChain: async () => [],
      detail: async (user, id) => {
        const execution = await findExecution(user, id);
        return world.details.get(id) ?? aDetail(execution, [], []);
      },
      explainJob: async (user, { executionId, nestedId, attempt = 1 }) => {
        const { flowId } = await findExecution(user, executionId);
        if (nestedId === 'unknown') {
          throw new DomainError('job.not-found', { execution: executionId, flow: flowId, job: nestedId });
        }
        return anExplanation({ flowId, nestedId, attempt }, 'eu');
      },
      running: async (user, { projectName }) => {
        assertCan(user, 'EXECUTE', await find(projectName));
        return world.running;
      },
      listOfFlow: async (_user, { flowId }, { start, length }) => {
        const all = [...world.executions.values()].filter((execution) => execution.flowId === flowId);
        return { total: all.length, executions: all.toReversed().slice(start, start + length) };
      },
      lastSuccessfulOfFlow: async () =>
        [...world.executions.values()].findLast(({ status }) => status === 'SUCCEEDED')?.id,
      list: async () => [...world.executions.values()],
      cancel: control,
      pause: control,
      resume: control,
      retryFailed: control,
    },
    logs: {
      flowLog: async (user, { executionId, offset, length }) => {
        await findExecution(user, executionId);
        return slice(`${executionId}/`, offset, length);
      },
      jobLog: async (user, { executionId, nestedId, offset, length }) => {
        await findExecution(user, executionId);
        if (nestedId === 'unknown') {
          throw new DomainError('job.not-found', { execution: executionId, flow: 'test', job: nestedId });
        }
        if (!world.logs.has(`${executionId}/${nestedId}`)) {
          throw new DomainError('attempt.log-missing', { execution: executionId, job: nestedId });
        }
        return slice(`${executionId}/${nestedId}`, offset, length);
      },
    },
  };
}
