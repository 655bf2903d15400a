import { rolesOf } from '../roles.js';
import {
  duration,
  flag,
  oneOf,
  port,
  runsPerFlowExceptions,
  size,
  text,
  timeZone,
  url,
  wholeNumber,
} from './parsers.js';

/** One setting: where it is read from, what it means, and how its text becomes a value. */
export interface Setting<Value = unknown> {
  readonly env: `LOCKSTEP_${string}`;
  /** Name in the settings file; Azkaban's own name where it has the setting. Undefined: only from the environment. */
  readonly key?: string;
  /** As it would be written. Undefined: the setting is off (its value is undefined) until it is set. */
  readonly fallback?: string;
  readonly parse: (text: string) => Value;
  readonly doc: string;
  /** Its value is not repeated in messages. */
  readonly secret?: boolean;
}

/** Every setting there is. The reference page is generated from this table; nothing else reads the environment. */
export const SETTINGS = {
  host: required({
    env: 'LOCKSTEP_HOST',
    key: 'lockstep.host',
    fallback: '127.0.0.1',
    parse: text,
    doc: 'Address to listen on. Beyond this machine (for example 0.0.0.0) only with a users file of your own, see LOCKSTEP_USERS_FILE.',
  }),
  port: required({
    env: 'LOCKSTEP_PORT',
    key: 'lockstep.port',
    fallback: '8081',
    parse: port,
    doc: 'Port to listen on; 0 takes any free one and prints it.',
  }),
  dataDir: required({
    env: 'LOCKSTEP_DATA_DIR',
    key: 'lockstep.data.dir',
    fallback: '.lockstep',
    parse: text,
    doc: 'Folder for the embedded database and the working folders of running jobs; created when missing.',
  }),
  databaseUrl: optional({
    env: 'LOCKSTEP_DATABASE_URL',
    key: 'lockstep.database.url',
    parse: url(['postgres:', 'postgresql:'], 'postgres://user:password@host:5432/lockstep'),
    secret: true,
    doc: 'PostgreSQL to use instead of the embedded one. Needed as soon as Lockstep runs on more than one machine.',
  }),
  redisUrl: optional({
    env: 'LOCKSTEP_REDIS_URL',
    key: 'lockstep.redis.url',
    parse: url(['redis:', 'rediss:'], 'redis://host:6379'),
    secret: true,
    doc: 'Redis to hand executions to workers through. Without it PostgreSQL does that as well.',
  }),
  roles: required({
    env: 'LOCKSTEP_ROLES',
    key: 'lockstep.roles',
    fallback: 'all',
    parse: rolesOf,
    doc: 'What this process does: all, or any of web, scheduler, worker, separated by commas.',
  }),
  settingsFile: optional({
    env: 'LOCKSTEP_SETTINGS_FILE',
    parse: text,
    doc: 'Properties file with settings. Without it lockstep.properties is read from the working folder, else from the data folder, if there is one.',
  }),
  usersFile: optional({
    env: 'LOCKSTEP_USERS_FILE',
    key: 'user.manager.xml.file',
    parse: text,
    doc: 'azkaban-users.xml with users, groups and roles; read again when it changes. Without it there is one administrator, azkaban with password azkaban, and Lockstep only listens on this machine.',
  }),
  timeZone: optional({
    env: 'LOCKSTEP_TIME_ZONE',
    key: 'default.timezone.id',
    parse: timeZone,
    doc: 'Time zone of the server: schedules without a zone of their own, and times shown in pages. Without it, the zone of the machine.',
  }),
  workerFlows: required({
    env: 'LOCKSTEP_WORKER_FLOWS',
    key: 'executor.flow.threads',
    fallback: '30',
    parse: wholeNumber({ from: 1, to: 10_000 }),
    doc: 'How many executions one worker runs at the same time.',
  }),
  flowJobs: required({
    env: 'LOCKSTEP_FLOW_JOBS',
    key: 'flow.num.job.threads',
    fallback: '10',
    parse: wholeNumber({ from: 1, to: 10_000 }),
    doc: 'How many jobs of one execution run at the same time; a flow parameter flow.num.job.threads may lower it.',
  }),
  maxWaiting: required({
    env: 'LOCKSTEP_QUEUE_SIZE',
    key: 'azkaban.webserver.queue.size',
    fallback: '100000',
    parse: wholeNumber({ from: 1 }),
    doc: 'How many executions may wait for a worker before submissions are refused.',
  }),
  maxRunsPerFlow: required({
    env: 'LOCKSTEP_FLOW_RUNS',
    key: 'azkaban.max.concurrent.runs.oneflow',
    fallback: '30',
    parse: wholeNumber({ from: 1 }),
    doc: 'How many executions of one flow may be unfinished at the same time.',
  }),
  runsPerFlowExceptions: required({
    env: 'LOCKSTEP_FLOW_RUNS_EXCEPTIONS',
    key: 'azkaban.concurrent.runs.oneflow.whitelist',
    fallback: '',
    parse: runsPerFlowExceptions,
    doc: 'Flows with a limit of their own, as PROJECT,FLOW,NUMBER;PROJECT,FLOW,NUMBER.',
  }),
  flowRetryLimit: required({
    env: 'LOCKSTEP_FLOW_RETRY_LIMIT',
    key: 'azkaban.flow.retry.limit',
    fallback: '2',
    parse: wholeNumber({ from: 0 }),
    doc: 'Upper bound of the flow parameter flow.max.retries.',
  }),
  globalProperties: optional({
    env: 'LOCKSTEP_GLOBAL_PROPERTIES',
    key: 'executor.global.properties',
    parse: text,
    doc: 'Properties file whose values every job sees, unless something nearer to the job sets them.',
  }),
  webUrl: optional({
    env: 'LOCKSTEP_WEB_URL',
    key: 'azkaban.webserver.url',
    parse: url(['http:', 'https:'], 'https://lockstep.example.com'),
    doc: 'Address under which people reach the web server, for links handed to jobs. Without it, the address it listens on; a separate worker then hands out no links.',
  }),
  heartbeatMs: required({
    env: 'LOCKSTEP_HEARTBEAT',
    key: 'lockstep.worker.heartbeat',
    fallback: '2s',
    parse: duration,
    doc: 'How often a worker says that it is alive.',
  }),
  leaseMs: required({
    env: 'LOCKSTEP_LEASE',
    key: 'lockstep.worker.lease',
    fallback: '8s',
    parse: duration,
    doc: 'How long after its last heartbeat a worker is taken for dead and its executions go to others; at least three heartbeats.',
  }),
  killGraceMs: required({
    env: 'LOCKSTEP_KILL_GRACE',
    key: 'lockstep.kill.grace',
    fallback: '30s',
    parse: duration,
    doc: 'How long a killed job may take to end after SIGTERM before it gets SIGKILL.',
  }),
  stopTimeoutMs: required({
    env: 'LOCKSTEP_STOP_TIMEOUT',
    key: 'lockstep.stop.timeout',
    fallback: '45s',
    parse: duration,
    doc: 'How long stopping may take (requests in hand, jobs, database) before the process ends anyway, with exit code 1.',
  }),
  sessionTtlMs: required({
    env: 'LOCKSTEP_SESSION_TTL',
    key: 'session.time.to.live',
    fallback: '10h',
    parse: duration,
    doc: 'A login session ends when it has not been used for this long.',
  }),
  maxSessions: required({
    env: 'LOCKSTEP_SESSIONS',
    key: 'max.num.sessions',
    fallback: '10000',
    parse: wholeNumber({ from: 1 }),
    doc: 'How many login sessions are kept; beyond that the one unused for longest ends.',
  }),
  maxSessionsPerAddress: optional({
    env: 'LOCKSTEP_SESSIONS_PER_ADDRESS',
    key: 'azkaban.session.max_number_per_ip_per_user',
    parse: wholeNumber({ from: 1 }),
    doc: 'How many sessions one user may have from one address. Without it there is no limit.',
  }),
  versionRetention: required({
    env: 'LOCKSTEP_PROJECT_VERSIONS',
    key: 'project.version.retention',
    fallback: '3',
    parse: wholeNumber({ from: 1 }),
    doc: 'How many uploaded zips of a project are kept; older ones are removed unless an unfinished execution uses them.',
  }),
  uploadLimitBytes: required({
    env: 'LOCKSTEP_UPLOAD_LIMIT',
    key: 'lockstep.upload.limit',
    fallback: '1GB',
    parse: size('b'),
    doc: 'Largest project zip that can be uploaded.',
  }),
  lockdownCreate: required({
    env: 'LOCKSTEP_LOCKDOWN_CREATE',
    key: 'lockdown.create.projects',
    fallback: 'false',
    parse: flag,
    doc: 'true: only users with a role that has CREATEPROJECTS may create projects.',
  }),
  flowFileLimitMb: required({
    env: 'LOCKSTEP_FLOW_FILE_LIMIT',
    key: 'max.flow.file.size.mb',
    fallback: '10',
    parse: wholeNumber({ from: 1, to: 1024 }),
    doc: 'Largest .flow and .project file of a project, in MB.',
  }),
  jobMaxXms: required({
    env: 'LOCKSTEP_JOB_MAX_XMS',
    key: 'job.max.Xms',
    fallback: '1G',
    parse: text,
    doc: 'Largest initial heap (Xms) a job of an uploaded project may ask for.',
  }),
  jobMaxXmx: required({
    env: 'LOCKSTEP_JOB_MAX_XMX',
    key: 'job.max.Xmx',
    fallback: '2G',
    parse: text,
    doc: 'Largest heap (Xmx) a job of an uploaded project may ask for.',
  }),
  jobTypePluginDir: required({
    env: 'LOCKSTEP_PLUGIN_DIR',
    key: 'azkaban.jobtype.plugin.dir',
    fallback: 'plugins/jobtypes',
    parse: text,
    doc: "Folder of job type plugins in Azkaban's layout; it need not exist.",
  }),
  creatorIsProxyUser: required({
    env: 'LOCKSTEP_CREATOR_IS_PROXY_USER',
    key: 'creator.default.proxy',
    fallback: 'true',
    parse: flag,
    doc: 'true: whoever creates a project becomes one of its proxy users.',
  }),
  definitionCacheBytes: required({
    env: 'LOCKSTEP_DEFINITION_CACHE',
    key: 'lockstep.definition.cache',
    fallback: '64MB',
    parse: size('b'),
    doc: 'How much memory parsed project definitions may take in each process.',
  }),
  lockdownUpload: required({
    env: 'LOCKSTEP_LOCKDOWN_UPLOAD',
    key: 'lockdown.upload.projects',
    fallback: 'false',
    parse: flag,
    doc: 'true: only users with a role that has UPLOADPROJECTS may upload projects.',
  }),
  logLevel: required({
    env: 'LOCKSTEP_LOG_LEVEL',
    key: 'lockstep.log.level',
    fallback: 'info',
    parse: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    doc: "How much of the server's own log to write (to standard error): trace, debug, info, warn, error, fatal or silent.",
  }),
  logFormat: required({
    env: 'LOCKSTEP_LOG_FORMAT',
    key: 'lockstep.log.format',
    fallback: 'text',
    parse: oneOf(['text', 'json']),
    doc: "Form of the server's own log: text for people, json (one object a line) for log collectors.",
  }),
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;

/** The settings as values: parsed, defaults filled in. */
export type Config = { readonly [Name in SettingName]: ReturnType<(typeof SETTINGS)[Name]['parse']> };

type WithFallback<Value> = Setting<Value> & { readonly fallback: string };

function required<Value>(setting: WithFallback<Value>): WithFallback<Value> {
  return setting;
}

function optional<Value>(setting: Omit<Setting<Value>, 'fallback'>): Setting<Value | undefined> {
  return setting;
}
