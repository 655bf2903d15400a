import type { UserDirectory } from '@lockstep/auth';
import type { Clock, Dispatcher, LogName, Properties, Stores, UnitOfWork } from '@lockstep/domain';
import type { LoadedProject } from '@lockstep/project-zip';
import type { LogSlice } from './services.js';

/** What the use cases need from the rest of the product. */
export interface ServiceDependencies {
  readonly unitOfWork: UnitOfWork;
  /** For reads and single writes, outside of transactions. */
  readonly stores: Stores;
  readonly logReader: LogReader;
  readonly dispatcher: Dispatcher;
  readonly users: UserDirectory;
  readonly clock: Clock;
  readonly log: ServiceLog;
  readonly readProjectZip: ReadProjectZip;
  readonly newSessionId: () => string;
  readonly limits: ServiceLimits;
  /** What the workers give to every job; without it they give nothing, and live in UTC. */
  readonly workerDefaults?: () => Promise<WorkerDefaults>;
}

/** What a job sees because of where it runs: for explaining its properties away from there. */
export interface WorkerDefaults {
  readonly timezone: string;
  readonly webServerUrl?: string;
  readonly globalProperties: Properties;
  /** What the plugin of a job type gives to its jobs. */
  pluginDefaultsOf(type: string): Properties;
}

export interface LogReader {
  readSlice(log: LogName, range: { readonly offset: number; readonly length: number }): Promise<LogSlice>;
}

export interface ServiceLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** `readProjectZip` of project-zip with its options. Throws `upload.bad-zip` when the archive cannot be unpacked. */
export type ReadProjectZip = (zip: { readonly zipPath: string }) => Promise<ProjectZipReading>;

export type ProjectZipReading = Pick<LoadedProject, 'definition' | 'errors' | 'warnings' | 'fatal'>;

export interface ServiceLimits {
  /** Unfinished executions one flow may have. */
  readonly maxConcurrentRunsOneFlow: number;
  /** Flows with a limit of their own. */
  readonly concurrentRunsWhitelist: readonly ConcurrentRunsException[];
  /** Executions that may wait for a worker. */
  readonly queueSize: number;
  /** Upper bound of the flow parameter `flow.max.retries`. */
  readonly flowRetryLimit: number;
  /** Jobs of one execution that may run at the same time. */
  readonly jobThreadsDefault: number;
  /** How many versions before the current one keep their zip. */
  readonly versionRetention: number;
  readonly uploadMaxBytes: number;
  /** Creating projects needs a role with CREATEPROJECTS. */
  readonly lockdownCreateProjects: boolean;
  /** Uploading needs a role with UPLOADPROJECTS, besides WRITE. */
  readonly lockdownUploadProjects: boolean;
  /** Whoever creates a project becomes one of its proxy users. */
  readonly creatorDefaultProxy: boolean;
  /** How long a session lives without being used. */
  readonly sessionTimeToLiveMs: number;
  readonly maxSessions: number;
  /** Undefined = no limit. */
  readonly maxSessionsPerUserAndAddress?: number;
  /** How much memory parsed definitions may take, counted as the length of their JSON. */
  readonly definitionCacheBytes: number;
}

export interface ConcurrentRunsException {
  readonly project: string;
  readonly flow: string;
  readonly limit: number;
}

/** Azkaban's defaults, and ours where it has none. */
export const DEFAULT_SERVICE_LIMITS: ServiceLimits = {
  maxConcurrentRunsOneFlow: 30,
  concurrentRunsWhitelist: [],
  queueSize: 100_000,
  flowRetryLimit: 2,
  jobThreadsDefault: 10,
  versionRetention: 3,
  uploadMaxBytes: 2 ** 30,
  lockdownCreateProjects: false,
  lockdownUploadProjects: false,
  creatorDefaultProxy: true,
  sessionTimeToLiveMs: 36_000_000,
  maxSessions: 10_000,
  definitionCacheBytes: 64 * 2 ** 20,
};
