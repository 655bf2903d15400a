import type {
  AttemptRecord,
  Execution,
  ExecutionFilter,
  ExecutionOptions,
  ExecutionPlan,
  ExecutionSource,
  FlowDefinition,
  Permission,
  Project,
  ProjectDefinition,
  ProjectEvent,
  ProjectVersion,
  Session,
  User,
} from '@lockstep/domain';
import type { ExplainedJobProperty } from '@lockstep/props';

/** Everything that can be asked of Lockstep. Each call checks permissions itself and throws `DomainError`. */
export interface Services {
  readonly sessions: SessionServices;
  readonly projects: ProjectServices;
  readonly executions: ExecutionServices;
  readonly logs: LogServices;
}

export interface SessionServices {
  /** Checks the password; the user it belongs to, without a session. Throws `user.*`. */
  authenticate(credentials: { username: string; password: string }): Promise<User>;
  /** Checks the password and opens a stored session. Throws `user.*` or `session.too-many`. */
  login(credentials: { username: string; password: string; address: string }): Promise<Session>;
  /** The session if it is alive; sliding expiry. */
  find(sessionId: string): Promise<Session | undefined>;
  /** Harmless when there is none. */
  logout(sessionId: string): Promise<void>;
}

export interface ProjectServices {
  create(user: User, project: { name: string; description: string }): Promise<Project>;
  /** ADMIN. Also ends what hangs off the project (schedules, triggers). */
  remove(user: User, name: string): Promise<Project>;
  /** No permission check: the caller asks for one with `assertCan`, or shows the name only. Throws `project.not-found`. */
  find(name: string): Promise<Project>;
  findById(id: number): Promise<Project | undefined>;
  /** true when the user (own entry, groups or roles) has the permission on the project. */
  can(user: User, permission: Permission, project: Project): boolean;
  /** Throws `permission.missing`. */
  assertCan(user: User, permission: Permission, project: Project): void;
  isAdmin(user: User): boolean;
  /** Every active project by name, visible or not (as Azkaban does). */
  listAll(): Promise<readonly Project[]>;
  /** Active projects whose own entry for that user (no groups, no roles) has READ or ADMIN. */
  listOfUser(userName: string): Promise<readonly Project[]>;

  /**
   * Reads the zip at `path`, checks it, stores it as the next version, drops old ones. WRITE.
   * Throws `project.*`, `permission.*`, `upload.*`; with `upload.rejected` the report is in `UploadRejected.report`.
   */
  upload(user: User, upload: { projectName: string; fileName: string; path: string }): Promise<UploadOutcome>;
  /** What `upload` checks before it looks at the file: project, lock-down, WRITE. */
  assertCanUpload(user: User, projectName: string): Promise<Project>;
  /** The zip of a version (default: current), as it was uploaded. READ. Throws `version.*`. */
  download(
    user: User,
    request: { projectName: string; version?: number },
  ): Promise<{ project: Project; version: ProjectVersion; bytes: AsyncIterable<Uint8Array> }>;
  /** Definition of a version, cached. READ. A project without upload gives a definition without flows. */
  definition(user: User, project: Project, version?: number): Promise<ProjectDefinition>;
  /** READ. Throws `flow.not-found`. Inner flows of Flow 2.0 are found as well. */
  flow(user: User, project: Project, flowId: string): Promise<FlowDefinition>;
  /**
   * READ. What a job of the current version would see if it were submitted with these options, and why; secrets are
   * masked. Throws `flow.not-found`, `job.not-found`, `execution.bad-options`.
   */
  explainJob(
    user: User,
    request: { projectName: string; flowId: string; nestedId: string; options: ExecutionOptions },
  ): Promise<JobExplanation>;
  /** WRITE. Throws `project.long-description`. */
  changeDescription(user: User, project: Project, description: string): Promise<void>;
  events(user: User, project: Project, page: { skip: number; limit: number }): Promise<readonly ProjectEvent[]>;
  /**
   * ADMIN. A locked flow cannot be started, by nobody and nothing; what runs goes on. `message` is told to whoever tries.
   * The lock stays with the flow's name through later uploads. Throws `project.not-found`, `flow.not-found`.
   */
  setFlowLock(
    user: User,
    lock: { projectName: string; flowId: string; isLocked: boolean; message?: string },
  ): Promise<void>;
  /** READ. Throws `project.not-found`, `flow.not-found`. */
  isFlowLocked(user: User, flow: { projectName: string; flowId: string }): Promise<boolean>;
}

export interface UploadOutcome {
  readonly project: Project;
  readonly version: number;
  readonly warnings: readonly string[];
}

export interface ExecutionServices {
  /**
   * EXECUTE. Checks options and limits, stores, dispatches. Accepted = durable.
   * `source` (default adhoc) says what caused it. `concurrentWith` lists the executions of the flow that were running
   * already (ascending). With `only`, every other job is disabled.
   * Throws `project.not-found`, `permission.missing`, `flow.not-found`, `job.not-found`, `execution.*`, `flow.locked`.
   */
  submit(
    user: User,
    submission: {
      projectName: string;
      flowId: string;
      options: ExecutionOptions;
      source?: ExecutionSource;
      only?: OnlyJobs;
    },
  ): Promise<Accepted>;
  /**
   * EXECUTE. Runs the flow of an execution that has ended once more, with the same options: all of it, or from the
   * failure on, with every job disabled that has SUCCEEDED, was SKIPPED or was disabled (Azkaban's "Prepare execution";
   * such jobs have no outputs this time). On the newest version of the project, or on the same one. The new execution is
   * linked to the old one as its retry. Throws as `submit` does, and `execution.not-found`, `execution.still-running`,
   * `execution.nothing-failed`.
   */
  rerun(user: User, id: number, how: { from: 'failure' | 'start'; version?: 'newest' | 'same' }): Promise<Accepted>;
  /** READ. The execution, what it tries again and what has tried it again, oldest first; at least itself. */
  chain(user: User, id: number): Promise<readonly Execution[]>;
  /**
   * EXECUTE on the flows asked for. What would run with them: every flow that comes after them over data-driven
   * `trigger.after`, in the order in which they would be created. Starts nothing. Throws `flow.dependency-cycle`, and
   * `project.not-found`, `permission.missing`, `flow.not-found`, `flow.locked` for a flow asked for.
   */
  planChain(user: User, flows: readonly { projectName: string; flowId: string }[]): Promise<readonly ChainEntry[]>;
  /**
   * Creates the executions of such a plan, all or none, with ascending ids in the plan's order. Each waits for those it
   * comes after in the plan, a flow asked for also for the one asked for before it; when one does not succeed, all that
   * wait for it end KILLED, never started. `options` are those of the flows asked for; their flow parameters go to every
   * execution. Throws as `planChain` and `submit` do.
   */
  submitChain(
    user: User,
    chain: { flows: readonly { projectName: string; flowId: string }[]; options: ExecutionOptions },
  ): Promise<readonly SubmittedChainEntry[]>;
  /** READ on its project. Throws `execution.not-found`, `project.not-found` (deleted), `permission.missing`. */
  find(user: User, id: number): Promise<Execution>;
  /** READ. The execution with its plan and all attempts. */
  detail(user: User, id: number): Promise<ExecutionDetail>;
  /**
   * READ. What an attempt of a job (default: the current one) sees or has seen, and why, with the outputs of its
   * predecessors as they were; secrets are masked. Throws `job.not-found`, `attempt.not-found`.
   */
  explainJob(user: User, request: { executionId: number; nestedId: string; attempt?: number }): Promise<JobExplanation>;
  /** EXECUTE. Ids of the flow's executions that have not ended, ascending. */
  running(user: User, flow: { projectName: string; flowId: string }): Promise<readonly number[]>;
  listOfFlow(
    user: User,
    flow: { projectName: string; flowId: string },
    page: { start: number; length: number },
  ): Promise<{ total: number; executions: readonly Execution[] }>;
  lastSuccessfulOfFlow(user: User, flow: { projectName: string; flowId: string }): Promise<number | undefined>;
  /** Newest first over all projects, no permission filter (as Azkaban's history page). */
  list(filter: ExecutionFilter, page: { start: number; length: number }): Promise<readonly Execution[]>;
  /** EXECUTE. Idempotent while it runs; throws `execution.not-running` once it has ended. */
  cancel(user: User, id: number): Promise<void>;
  pause(user: User, id: number): Promise<void>;
  resume(user: User, id: number): Promise<void>;
  retryFailed(user: User, id: number): Promise<void>;
}

export interface Accepted {
  readonly execution: Execution;
  /** The executions of the flow that had not ended, ascending. */
  readonly concurrentWith: readonly number[];
}

/** The jobs of a flow that are to run; all others are disabled. */
export interface OnlyJobs {
  /** Jobs or embedded flows; of a flow, everything in it. */
  readonly nestedIds: readonly string[];
  /** Also run what they depend on, directly or not, and what the flows around them depend on. */
  readonly withAncestors?: boolean;
}

export interface ExecutionDetail {
  readonly execution: Execution;
  /** Graph of the run: node 0 is the root flow. */
  readonly plan: ExecutionPlan;
  /**
   * By plan index: the latest attempt; READY or DISABLED with `updatedAt` 0 where nothing has happened yet. Index 0 is
   * the execution.
   */
  readonly current: readonly AttemptRecord[];
  /** By plan index: earlier attempts, oldest first; undefined when there are none. */
  readonly pastAttempts: ReadonlyMap<number, readonly AttemptRecord[]>;
  /** How the whole of it is tried again; undefined when its options do not ask for that. */
  readonly retries?: ExecutionRetries;
}

export interface ExecutionRetries {
  /** `flow.retry.statuses` as it was given. */
  readonly statuses: string;
  readonly strategy: 'retryAsNew' | 'disableSucceededNodes';
  /** Automatic retries so far, since somebody has started the flow; and how many there may be. */
  readonly count: number;
  readonly max: number;
  /** First execution of the chain; undefined for that one itself. */
  readonly root?: number;
  /** The execution this one tries again. */
  readonly parent?: number;
  /** The one that tries this one again. */
  readonly child?: number;
}

/** One flow of a plan. */
export interface ChainEntry {
  readonly projectId: number;
  readonly projectName: string;
  readonly flowId: string;
  /** Asked for, and not only coming after one that was. */
  readonly requested: boolean;
  /** false: it comes after a flow of the plan and is not started by it; `reason` says why. */
  readonly trigger: boolean;
  readonly reason?: 'not-data-driven' | 'locked' | 'not-allowed';
  /** Positions of the entries whose success it waits for. */
  readonly waitsFor: readonly number[];
}

export interface SubmittedChainEntry extends ChainEntry {
  /** Undefined exactly when `trigger` is false. */
  readonly execution?: Execution;
}

/** Every effective property of a job, sorted by key: value, origin, what it hides. */
export interface JobExplanation {
  readonly flowId: string;
  readonly nestedId: string;
  readonly attempt: number;
  readonly properties: readonly ExplainedJobProperty[];
  /** Nested ids of predecessors that have not given their output properties yet; those would be added. */
  readonly outputsToCome: readonly string[];
}

export interface LogServices {
  /** READ. Flow log of an execution; see `LogSlice`. */
  flowLog(user: User, log: { executionId: number; offset: number; length: number }): Promise<LogSlice>;
  /**
   * READ. Log of one attempt (default: the current one). Throws `job.not-found` for an unknown nested id and
   * `attempt.log-missing` when the job has not started.
   */
  jobLog(
    user: User,
    log: { executionId: number; nestedId: string; attempt?: number; offset: number; length: number },
  ): Promise<LogSlice>;
}

/** Offsets count bytes; the range is moved to UTF-8 character borders, so a reader goes on at offset + length. */
export interface LogSlice {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}
