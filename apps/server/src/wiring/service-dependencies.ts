import { createSessionToken, type UserDirectory } from '@lockstep/auth';
import { createLogReader } from '@lockstep/log-store';
import { readProjectZip } from '@lockstep/project-zip';
import { isQuartzCron } from '@lockstep/scheduler';
import { DEFAULT_SERVICE_LIMITS, type ServiceDependencies, type ServiceLimits } from '@lockstep/services';
import type { Config } from '../config/keys.js';
import type { Core } from './core.js';

/** What the use cases need, from what the roles of this process share. Uploads are unpacked in `tempDir`. */
export function serviceDependencies(
  core: Core,
  { users, tempDir }: { users: UserDirectory; tempDir: string },
): ServiceDependencies {
  const { config, stores, unitOfWork, dispatcher, clock, log, logChunks } = core;
  return {
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
  };
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
