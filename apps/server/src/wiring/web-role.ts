import { mkdir, rm } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { createSessionToken, type UserDirectory } from '@lockstep/auth';
import { createDialects, createHttpApp } from '@lockstep/dialects';
import { createLogReader } from '@lockstep/log-store';
import { flow2JsonSchema, readProjectZip } from '@lockstep/project-zip';
import { isQuartzCron } from '@lockstep/scheduler';
import { createServices, DEFAULT_SERVICE_LIMITS, type ServiceLimits, type Services } from '@lockstep/services';
import type { Config } from '../config/keys.js';
import type { ReadinessCheck } from '../http/front-door.js';
import { VERSION } from '../version.js';
import type { Core } from './core.js';
import { workerDefaultsOf } from './worker-defaults.js';

/** The application behind the front door, and what it needs to work. */
export async function createWebRole(
  core: Core,
  { users, webServerUrl }: { users: UserDirectory; webServerUrl: string },
): Promise<{
  app: RequestListener;
  checks: readonly ReadinessCheck[];
}> {
  const tempDir = await freshTempDir(core.config.dataDir);
  const services = createServerServices(core, { users, tempDir, webServerUrl });
  const dialects = createDialects({
    schemas: { 'flow-2.0.json': flow2JsonSchema() },
    azkaban: {
      services,
      clock: core.clock,
      options: {
        timezone: core.timezone,
        maxUploadBytes: core.config.uploadLimitBytes,
        tempDir,
        version: VERSION,
        installationPath: process.cwd(),
        executors: () => executorsOf(core),
        isDatabaseUp: async () => (await databaseCheck(core)()) === undefined,
        log: core.log,
      },
    },
  });
  return { app: createHttpApp({ dialects, log: core.log }), checks: [databaseCheck(core)] };
}

/** Uploads a killed process left behind are of no use to anybody. */
async function freshTempDir(dataDir: string): Promise<string> {
  const folder = join(dataDir, 'uploads');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  return folder;
}

function createServerServices(
  core: Core,
  { users, tempDir, webServerUrl }: { users: UserDirectory; tempDir: string; webServerUrl: string },
): Services {
  const { config, stores, unitOfWork, dispatcher, clock, log, logChunks } = core;
  return createServices({
    unitOfWork,
    stores,
    logReader: createLogReader({ chunks: logChunks }),
    dispatcher,
    users,
    clock,
    log,
    readProjectZip: ({ zipPath }) => readProjectZip({ zipPath, tempDir, isQuartzCron, limits: loadLimitsOf(config) }),
    newSessionId: createSessionToken,
    limits: serviceLimitsOf(config),
    workerDefaults: workerDefaultsOf(core, { webServerUrl }),
  });
}

function loadLimitsOf({ flowFileLimitMb, jobMaxXms, jobMaxXmx }: Config) {
  return { maxFlowFileMb: flowFileLimitMb, maxXms: jobMaxXms, maxXmx: jobMaxXmx };
}

function serviceLimitsOf(config: Config): ServiceLimits {
  return {
    ...DEFAULT_SERVICE_LIMITS,
    maxConcurrentRunsOneFlow: config.maxRunsPerFlow,
    concurrentRunsWhitelist: config.runsPerFlowExceptions,
    queueSize: config.maxWaiting,
    flowRetryLimit: config.flowRetryLimit,
    jobThreadsDefault: config.flowJobs,
    versionRetention: config.versionRetention,
    uploadMaxBytes: config.uploadLimitBytes,
    lockdownCreateProjects: config.lockdownCreate,
    lockdownUploadProjects: config.lockdownUpload,
    creatorDefaultProxy: config.creatorIsProxyUser,
    sessionTimeToLiveMs: config.sessionTtlMs,
    maxSessions: config.maxSessions,
    ...(config.maxSessionsPerAddress !== undefined && { maxSessionsPerUserAndAddress: config.maxSessionsPerAddress }),
    definitionCacheBytes: config.definitionCacheBytes,
  };
}

/** Azkaban knows executors by number and port; workers have neither, so they are numbered and the port is 0. */
async function executorsOf({ registry }: Core) {
  const workers = await registry.listAlive();
  return workers.map(({ host }, position) => ({ id: position + 1, host, port: 0, isActive: true }));
}

/** A database that takes longer than this is as good as gone for whoever waits for an answer. */
const CHECK_TIMEOUT_MS = 2_000;

function databaseCheck({ database }: Core): ReadinessCheck {
  return async () => {
    try {
      await database.knex.raw('select 1').timeout(CHECK_TIMEOUT_MS);
      return undefined;
    } catch (error) {
      return `The database does not answer: ${(error as Error).message}`;
    }
  };
}
