import type { Config } from '../config/keys.js';
import { prepareDataFolder } from '../data-folder/prepare-data-folder.js';
import type { Log } from '../log/create-log.js';
import type { Shutdown } from '../shutdown.js';
import { openDatabase } from './open-database.js';
import { openQueue } from './open-queue.js';

/** Brings the schema of the database to the newest state, the queue's included. Throws `StartError`. */
export async function migrateDatabase({
  config,
  log,
  shutdown,
}: {
  config: Config;
  log: Log;
  shutdown: Shutdown;
}): Promise<void> {
  prepareDataFolder(config.dataDir);
  const { connectionString } = await openDatabase({ config, log, shutdown });
  await openQueue({ config, connectionString });
}
