import { currentEnvironment } from './config/environment.js';
import { loadConfig, type Environment } from './config/load-config.js';
import type { Config } from './config/keys.js';
import { createLog, type Log } from './log/create-log.js';
import { createShutdown } from './shutdown.js';
import { stopOnSignals } from './signals.js';
import { StartError } from './start-error.js';
import { systemClock } from './wiring/system-clock.js';

export interface ServeOptions {
  /** Settings by environment name that win over the environment: what a command line says. */
  readonly overrides?: Environment;
}

/**
 * Runs the roles the settings name until a signal stops them, then ends the process. A start that fails ends the process
 * with one sentence on standard error and exit code 1, after undoing what had been started.
 */
export async function serve(options: ServeOptions = {}): Promise<void> {
  await endingOnStartError(async () => {
    const { config, log } = prepare(options);
    const shutdown = createShutdown({ log });
    stopOnSignals({ shutdown, log, clock: systemClock, timeoutMs: config.stopTimeoutMs });
    try {
      const { startServer } = await import('./wiring/start-server.js');
      const started = await startServer({ config, log, shutdown, clock: systemClock });
      process.stdout.write(`${started.readyLines.join('\n')}\n`);
    } catch (error) {
      // A signal during the start stops things while they are being started; what fails then is not worth a word.
      if (shutdown.isStopping()) return;
      await shutdown.stopAll();
      throw error;
    }
  });
}

/** Brings the database to the newest schema and ends. */
export async function migrate(options: ServeOptions = {}): Promise<void> {
  await endingOnStartError(async () => {
    const { config, log } = prepare(options);
    const shutdown = createShutdown({ log });
    stopOnSignals({ shutdown, log, clock: systemClock, timeoutMs: config.stopTimeoutMs });
    const { migrateDatabase } = await import('./wiring/migrate-database.js');
    try {
      await migrateDatabase({ config, log, shutdown });
    } finally {
      await shutdown.stopAll();
    }
    process.stdout.write('The database has the newest schema.\n');
    process.exit(0);
  });
}

function prepare({ overrides = {} }: ServeOptions): { config: Config; log: Log } {
  const environment = { ...currentEnvironment(), ...overrides };
  const { config, file, ignoredKeys } = loadConfig({ environment, cwd: process.cwd() });
  const log = createLog({ level: config.logLevel, format: config.logFormat });
  if (file !== undefined) log.info(`Settings read from ${file}`);
  if (ignoredKeys.length > 0) log.warn(`Settings that mean nothing to Lockstep: ${ignoredKeys.join(', ')}`);
  return { config, log };
}

async function endingOnStartError(start: () => Promise<void>): Promise<void> {
  try {
    await start();
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
