import type { Properties } from '@lockstep/domain';
import type { JobType } from '../job-type.js';
import type { RunCommands } from '../process/run-commands.js';

export interface Plugins {
  readonly types: readonly JobType[];
  readonly problems: readonly string[];
  /** Visible defaults by type, those common to all included. */
  readonly defaults: ReadonlyMap<string, Properties>;
  readonly commonDefaults: Properties;
}

export async function loadPlugins(_options: {
  readonly pluginDir: string | undefined;
  readonly runCommands: RunCommands;
  readonly builtin: ReadonlyMap<string, JobType>;
}): Promise<Plugins> {
  return { types: [], problems: [], defaults: new Map(), commonDefaults: {} };
}
