import type { EmbeddedPostgresProblem, OpenDatabase } from '@lockstep/database';
import type { Config } from '../config/keys.js';
import type { Log } from '../log/create-log.js';
import type { Shutdown } from '../shutdown.js';
import { StartError } from '../start-error.js';
import { unusableService } from './unusable-service.js';

/**
 * The database, with the newest schema: the one of the settings, or the embedded one of the data folder, which the process
 * with the web role runs and all others join. Throws `StartError`.
 */
export async function openDatabase({
  config,
  log,
  shutdown,
}: {
  config: Config;
  log: Log;
  shutdown: Shutdown;
}): Promise<OpenDatabase> {
  const database = await import('@lockstep/database');
  const opening = database.openDatabase({
    ...(config.databaseUrl !== undefined && { databaseUrl: config.databaseUrl }),
    dataDir: config.dataDir,
    embedded: config.roles.has('web') ? 'own' : 'join',
    log: (message) => log.info(message),
    onProblem: (error) => log.warn({ err: error }, 'A connection to the database broke; it is opened again'),
  });
  // Before it runs: a signal that comes meanwhile must not leave it behind.
  const close = () => closeOnceOpen(opening);
  shutdown.add({ what: 'the database', stop: close, kill: close });
  try {
    return await opening;
  } catch (error) {
    if (error instanceof database.EmbeddedPostgresError) throw explained(error, config);
    if (error instanceof database.MigrationError) throw new StartError(error.message, { cause: error });
    throw unusableService('The database', {
      address: config.databaseUrl,
      setting: 'LOCKSTEP_DATABASE_URL',
      cause: error,
    });
  }
}

async function closeOnceOpen(opening: Promise<OpenDatabase>): Promise<void> {
  const opened = await opening.catch(() => undefined);
  await opened?.close();
}

function explained(error: Error & { problem: EmbeddedPostgresProblem }, { dataDir }: Config): StartError {
  return new StartError(sentence(error, dataDir), { cause: error });
}

function sentence({ message, problem }: Error & { problem: EmbeddedPostgresProblem }, dataDir: string): string {
  switch (problem) {
    case 'in-use':
      return `${message} With LOCKSTEP_ROLES=worker this process would join it as a worker.`;
    case 'not-running':
      return (
        `No Lockstep with the web role runs on data folder ${dataDir}, and only such a one runs its database. Start one, ` +
        'name the folder of one that runs in LOCKSTEP_DATA_DIR, or name a database in LOCKSTEP_DATABASE_URL.'
      );
    case 'no-binaries':
      return `${message} A PostgreSQL of your own can be named in LOCKSTEP_DATABASE_URL.`;
    case 'cannot-run':
    case 'start-failed':
      return message;
  }
}
