import type { Properties } from '@lockstep/domain';
import { propertyOf } from '@lockstep/props';
import type { JobType } from '../job-type.js';
import type { RunCommands } from '../process/run-commands.js';
import { createTemplateJobType } from './command-template.js';
import { loadModuleJobType } from './module-job-type.js';
import { readPluginFolder } from './read-plugin-folder.js';
import type { PluginDescription } from './read-plugin-folder.js';

export interface Plugins {
  readonly types: readonly JobType[];
  /** One sentence for each plugin that was skipped. */
  readonly problems: readonly string[];
  /** Visible defaults by type, those common to all included. */
  readonly defaults: ReadonlyMap<string, Properties>;
  readonly commonDefaults: Properties;
}

interface PluginTools {
  readonly runCommands: RunCommands;
  readonly builtin: ReadonlyMap<string, JobType>;
}

/**
 * Loads the job types of a plugin folder. A plugin that cannot be loaded is skipped and reported; Azkaban would not
 * start because of it.
 */
export async function loadPlugins({
  pluginDir,
  ...tools
}: PluginTools & { readonly pluginDir: string | undefined }): Promise<Plugins> {
  if (pluginDir === undefined) return { types: [], problems: [], defaults: new Map(), commonDefaults: {} };
  const folder = readPluginFolder(pluginDir);
  const types: JobType[] = [];
  const problems = [...folder.problems];
  const defaults = new Map<string, Properties>();
  for (const plugin of folder.plugins) {
    try {
      types.push(await loadPlugin(plugin, tools));
      defaults.set(plugin.type, plugin.defaults);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      problems.push(`Job type plugin "${plugin.type}" in ${plugin.directory} is skipped: ${message}`);
    }
  }
  return { types, problems, defaults, commonDefaults: folder.commonDefaults };
}

async function loadPlugin(plugin: PluginDescription, { runCommands, builtin }: PluginTools): Promise<JobType> {
  const { type, settings } = plugin;
  const template = propertyOf(settings, 'lockstep.command');
  if (template !== undefined) return createTemplateJobType({ name: type, template, settings, runCommands });
  const module = propertyOf(settings, 'lockstep.module');
  if (module !== undefined) return loadModuleJobType({ name: type, module, directory: plugin.directory, settings });

  // Without words of our own: a folder for a type we have (e.g. the one of Azkaban's Hive plugin) gives it its defaults.
  const other = propertyOf(settings, 'lockstep.type') ?? type;
  const known = builtin.get(other);
  if (known !== undefined) return { ...known, name: type };
  throw new Error(
    propertyOf(settings, 'lockstep.type') === undefined
      ? `its private.properties needs lockstep.command, lockstep.module or lockstep.type${javaHint(settings)}.`
      : `lockstep.type=${other} is not a built-in type; those are ${[...builtin.keys()].sort().join(', ')}.`,
  );
}

function javaHint(settings: Properties): string {
  const javaClass = propertyOf(settings, 'jobtype.class');
  return javaClass === undefined ? '' : ` (its class ${javaClass} is for Azkaban's own JVM and cannot run here)`;
}
