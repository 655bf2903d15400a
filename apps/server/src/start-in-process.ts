import type { JobType } from '@lockstep/job-types';
import { loadConfig, type Environment } from './config/load-config.js';
import { createLog } from './log/create-log.js';
import { createShutdown } from './shutdown.js';
import { systemClock } from './wiring/system-clock.js';

export interface InProcessOptions {
  /** By environment name; this process's environment is not read. A settings file counts if it is in the data folder. */
  readonly settings: Environment & { readonly LOCKSTEP_DATA_DIR: string };
  /** Job types besides the built-in ones and the plugins. */
  readonly extraJobTypes?: readonly JobType[];
}

export interface InProcessServer {
  /** Where it answers; undefined without the web role. */
  readonly url: string | undefined;
  /** Stops everything; false when something could not be stopped as it should. */
  stop(): Promise<boolean>;
}

/**
 * Runs the server inside the calling process, for tests that bring job types of their own. Unlike `serve` it leaves
 * signals, standard output and the life of the process alone. Throws `StartError`.
 */
export async function startInProcess({ settings, extraJobTypes = [] }: InProcessOptions): Promise<InProcessServer> {
  const { config } = loadConfig({ environment: settings, cwd: settings.LOCKSTEP_DATA_DIR });
  const log = createLog({ level: config.logLevel, format: config.logFormat });
  const shutdown = createShutdown({ log });
  const { startServer } = await loadServer();
  try {
    const { url } = await startServer({ config, log, shutdown, clock: systemClock, extraJobTypes });
    return { url, stop: () => shutdown.stopAll() };
  } catch (error) {
    await shutdown.stopAll();
    throw error;
  }
}

/** One after another: Jest's module loader loses modules that several imports under way have in common. */
async function loadServer() {
  await import('@lockstep/database');
  await import('./wiring/core.js');
  await import('./wiring/worker-role.js');
  await import('./wiring/scheduler-role.js');
  await import('./wiring/start-follow-ups.js');
  await import('./wiring/web-role.js');
  return import('./wiring/start-server.js');
}
