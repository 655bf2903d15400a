import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Clock, ExecutionJournal, LogChunks, ProjectFiles, ProjectStore, WorkerRegistry } from '@lockstep/domain';
import { createJobTypes, createProcessHost, type JobType } from '@lockstep/job-types';
import { createLogFormatter, createLogWriter } from '@lockstep/log-store';
import { createExecutionWorker, type QueueBackend } from '@lockstep/queue';
import { createProjectCache, createRunner, keepLease, type Runner } from '@lockstep/runner';
import { currentEnvironment, jobEnvironment } from '../config/environment.js';
import type { Config } from '../config/keys.js';
import type { Log } from '../log/create-log.js';
import type { Stoppable } from '../shutdown.js';
import { createProjectLoader } from './create-project-loader.js';
import { readGlobalProperties } from './read-global-properties.js';

export interface WorkerRoleOptions {
  readonly config: Config;
  readonly log: Log;
  readonly clock: Clock;
  readonly timezone: string;
  /** Where people reach the web server; undefined: jobs get no links. */
  readonly webServerUrl: string | undefined;
  readonly journal: ExecutionJournal;
  readonly logChunks: LogChunks;
  readonly registry: WorkerRegistry;
  readonly projects: ProjectStore;
  readonly projectFiles: ProjectFiles;
  readonly queue: QueueBackend;
  /** Job types besides the built-in ones (tests add their own). */
  readonly extraJobTypes?: readonly JobType[];
}

/**
 * Takes executions and runs them. A worker lives under an id of its own; when its lease is lost (it was declared dead, or
 * could not reach the database in time) it stops everything it runs and goes on as a new worker.
 */
export async function startWorkerRole(options: WorkerRoleOptions): Promise<Stoppable> {
  const { config, log, clock } = options;
  const logWriter = createLogWriter({
    chunks: options.logChunks,
    clock,
    timeZone: options.timezone,
    onAppendFailed: (failure) => log.warn({ err: failure }, 'Log chunks could not be stored; trying again'),
  });
  const environment = jobEnvironment(currentEnvironment());
  const starter = createProcessHost({ environment });
  const jobTypes = await createJobTypes({
    starter,
    ...(options.extraJobTypes === undefined ? {} : { types: options.extraJobTypes }),
    pluginDir: config.jobTypePluginDir,
  });
  for (const problem of jobTypes.problems) log.warn(problem);
  const cache = createProjectCache({ files: options.projectFiles, folder: join(config.dataDir, 'projects') });
  const shared = {
    journal: options.journal,
    logChunks: options.logChunks,
    logWriter,
    formatLog: createLogFormatter({ timeZone: options.timezone }),
    jobTypes,
    loadProject: createProjectLoader({ projects: options.projects, cache, clock }),
    clock,
    folder: config.dataDir,
    jobThreads: config.flowJobs,
    killGraceMs: config.killGraceMs,
    timezone: options.timezone,
    ...(options.webServerUrl === undefined ? {} : { webServerUrl: options.webServerUrl }),
    globalProperties: readGlobalProperties(config.globalProperties),
    baseEnvironment: environment,
    onProblem: (message: string, error: unknown) => log.warn({ err: error }, message),
  };

  let current: Life | undefined;
  let stopping = false;

  const live = async (): Promise<Life> => {
    const workerId = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
    const lease = { ttlMs: config.leaseMs };
    await options.registry.register(
      { id: workerId, host: hostname(), pid: process.pid, capacity: config.workerFlows },
      lease,
    );
    const runner = await createRunner({ ...shared, workerId });
    const keeping = keepLease({
      registry: options.registry,
      workerId,
      ttlMs: config.leaseMs,
      intervalMs: config.heartbeatMs,
      onLost: (reason) => {
        log.warn({ workerId }, `This worker has lost its lease (${reason}); it stops what it runs and starts anew`);
        void startAnew(runner);
      },
    });
    return { workerId, runner, keeping };
  };

  const startAnew = async (lost: Runner): Promise<void> => {
    current = undefined;
    await lost.abandonAll();
    for (let tries = 0; !stopping; tries += 1) {
      try {
        current = await live();
        return;
      } catch (error) {
        if (tries === 0) log.warn({ err: error }, 'The worker cannot register; trying again');
        await new Promise((resolve) => setTimeout(resolve, config.heartbeatMs));
      }
    }
  };

  current = await live();
  const worker = createExecutionWorker({
    backend: options.queue,
    concurrency: config.workerFlows,
    handle: async (executionId) => {
      // Between two lives nothing is taken; the sweep announces the execution again.
      await current?.runner.run(executionId);
    },
    onError: (error) => log.warn({ err: error }, 'The queue has a problem'),
  });
  worker.start();

  return {
    what: 'the worker',
    async stop() {
      stopping = true;
      await worker.stop({ running: 'leave' });
      const life = current;
      if (life !== undefined) {
        life.keeping.stop();
        await life.runner.stop();
        await options.registry.unregister(life.workerId);
      }
      await logWriter.close();
      starter.close();
    },
    kill: async () => current?.runner.killAtOnce(),
  };
}

interface Life {
  readonly workerId: string;
  readonly runner: Runner;
  readonly keeping: { stop(): void };
}
