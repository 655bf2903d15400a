import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Properties } from '@lockstep/domain';
import { mergeProperties, parseProperties } from '@lockstep/props';

/** The property files of a plugin folder in Azkaban's layout. */
export interface PluginFolder {
  /** Defaults visible to every job (`common.properties`). */
  readonly commonDefaults: Properties;
  readonly plugins: readonly PluginDescription[];
  /** Files that cannot be read, one sentence each. */
  readonly problems: readonly string[];
}

export interface PluginDescription {
  /** Name of the folder. */
  readonly type: string;
  readonly directory: string;
  /** Defaults visible to its jobs: the common ones, `plugin.properties`, `plugin.dir`. */
  readonly defaults: Properties;
  /** Settings no job sees: `commonprivate.properties`, `private.properties`, `plugin.dir`. */
  readonly settings: Properties;
}

export function readPluginFolder(folder: string): PluginFolder {
  const problems: string[] = [];
  const read = (path: string): Properties => {
    if (!existsSync(path)) return {};
    try {
      return parseProperties(readFileSync(path));
    } catch (error) {
      problems.push(`The file ${path} is ignored: ${(error as Error).message}`);
      return {};
    }
  };
  const commonDefaults = read(join(folder, 'common.properties'));
  const commonSettings = read(join(folder, 'commonprivate.properties'));

  const plugins: PluginDescription[] = [];
  for (const type of foldersIn(folder)) {
    const directory = join(folder, type);
    // Without it a folder is no plugin.
    if (!existsSync(join(directory, 'private.properties'))) continue;
    const own = { 'plugin.dir': directory };
    plugins.push({
      type,
      directory,
      defaults: mergeProperties(commonDefaults, read(join(directory, 'plugin.properties')), own),
      settings: mergeProperties(commonSettings, read(join(directory, 'private.properties')), own),
    });
  }
  return { commonDefaults, plugins, problems };
}

function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map((entry) => entry.name)
    .sort();
}
