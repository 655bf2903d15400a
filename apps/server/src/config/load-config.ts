import { join, resolve } from 'node:path';
import { StartError } from '../start-error.js';
import { SETTINGS, type Config, type Setting } from './keys.js';
import { nearestName } from './nearest-name.js';
import { readSettingsFile, type SettingsFile } from './settings-file.js';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface LoadedConfig {
  readonly config: Config;
  /** The settings file that was read, if any. */
  readonly file?: string;
  /** Names in the settings file that mean nothing here (Azkaban has many settings Lockstep does without). */
  readonly ignoredKeys: readonly string[];
}

/**
 * The settings of this process: environment before settings file before default. Relative paths count from `cwd`.
 * Throws `StartError` for a name that does not exist, a value that makes no sense, or a settings file that cannot be read.
 */
export function loadConfig({ environment, cwd }: { environment: Environment; cwd: string }): LoadedConfig {
  refuseUnknownNames(environment);
  const file = readSettingsFile(placesOfSettingsFile(environment, cwd));
  const values = Object.fromEntries(
    Object.entries<Setting>(SETTINGS).map(([name, setting]) => [name, valueOf(setting, environment, file)]),
  ) as Config;
  const config = withAbsolutePaths(values, cwd);
  refuseContradictions(config);
  return { config, ...(file && { file: file.path }), ignoredKeys: file ? ignoredKeysOf(file) : [] };
}

/** Set for every process of a job, so that a job may run `lockstep` itself. */
const MARK_OF_JOBS = 'LOCKSTEP_ATTEMPT';

const ENVIRONMENT_NAMES: readonly string[] = Object.values<Setting>(SETTINGS).map(({ env }) => env);
const FILE_KEYS: readonly string[] = Object.values<Setting>(SETTINGS).flatMap(({ env, key }) =>
  key ? [key, env] : [],
);

function refuseUnknownNames(environment: Environment): void {
  for (const name of Object.keys(environment)) {
    if (name.startsWith('LOCKSTEP_') && name !== MARK_OF_JOBS && !ENVIRONMENT_NAMES.includes(name)) {
      throw new StartError(`There is no setting ${name}${suggestion(name, ENVIRONMENT_NAMES)}`);
    }
  }
}

function suggestion(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  const where = 'all of them are listed in docs/reference/configuration.md.';
  return nearest ? `; did you mean ${nearest}? ${capitalised(where)}` : `; ${where}`;
}

function capitalised(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** A file that is named must exist; the others are read when they are there. */
function placesOfSettingsFile(environment: Environment, cwd: string) {
  const named = environment[SETTINGS.settingsFile.env];
  if (named) return { named: resolve(cwd, named), candidates: [] };
  const dataDir = resolve(cwd, environment[SETTINGS.dataDir.env] || SETTINGS.dataDir.fallback);
  return { candidates: [cwd, dataDir].map((folder) => join(folder, 'lockstep.properties')) };
}

function valueOf(setting: Setting, environment: Environment, file: SettingsFile | undefined): unknown {
  const { text, shownName } = textOf(setting, environment, file);
  if (text === undefined) return undefined;
  try {
    return setting.parse(text);
  } catch (error) {
    const shownValue = setting.secret ? '' : ` is "${text}"`;
    throw new StartError(`Setting ${shownName}${shownValue}: ${(error as Error).message}.`);
  }
}

/** An empty value counts as not set, so that `LOCKSTEP_X=` switches a setting back to its default. */
function textOf(setting: Setting, environment: Environment, file: SettingsFile | undefined) {
  const fromEnvironment = environment[setting.env]?.trim();
  if (fromEnvironment) return { text: fromEnvironment, shownName: setting.env };
  for (const key of setting.key ? [setting.env, setting.key] : []) {
    const fromFile = file?.values[key]?.trim();
    if (fromFile) return { text: fromFile, shownName: `${key} (in ${file?.path})` };
  }
  return { text: setting.fallback, shownName: setting.env };
}

function withAbsolutePaths(config: Config, cwd: string): Config {
  return {
    ...config,
    dataDir: resolve(cwd, config.dataDir),
    usersFile: config.usersFile && resolve(cwd, config.usersFile),
    jobTypePluginDir: resolve(cwd, config.jobTypePluginDir),
    globalProperties: config.globalProperties && resolve(cwd, config.globalProperties),
  };
}

function refuseContradictions({ heartbeatMs, leaseMs }: Config): void {
  if (heartbeatMs < 100)
    throw new StartError(`${SETTINGS.heartbeatMs.env} is ${heartbeatMs} ms; it must be at least 100 ms.`);
  if (leaseMs >= 3 * heartbeatMs) return;
  throw new StartError(
    `${SETTINGS.leaseMs.env} is ${leaseMs} ms, less than three heartbeats (${SETTINGS.heartbeatMs.env}, ${heartbeatMs} ms each): ` +
      'one late heartbeat would make others take a living worker for dead.',
  );
}

/** A mistyped name of Lockstep's own is an error, as in the environment; a foreign name is only reported. */
function ignoredKeysOf(file: SettingsFile): readonly string[] {
  const unknown = Object.keys(file.values).filter((key) => !FILE_KEYS.includes(key));
  const own = unknown.find((key) => /^lockstep[._]/i.test(key));
  if (own !== undefined) throw new StartError(`${file.path}: there is no setting ${own}${suggestion(own, FILE_KEYS)}`);
  return unknown;
}
