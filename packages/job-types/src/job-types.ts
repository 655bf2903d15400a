import type { Properties } from '@lockstep/domain';
import type { AttemptContext, AttemptResult, JobType } from './job-type.js';
import { builtinJobTypes } from './builtin-job-types.js';
import { createProcessTable } from './process/process-table.js';
import { createRunCommands } from './process/run-commands.js';
import { createLocalStarter } from './starter/local-starter.js';
import type { ProcessStarter } from './starter/process-starter.js';
import { loadPlugins } from './plugins/load-plugins.js';

/** The types of jobs an installation knows. */
export interface JobTypes {
  /** Sorted. */
  readonly names: readonly string[];
  /** Plugins that could not be loaded, one sentence each. */
  readonly problems: readonly string[];
  find(type: string): JobType | undefined;
  /**
   * Properties a plugin gives to jobs of its type: the lowest layer, filling only keys the job does not have anywhere.
   * They have to be merged before references are resolved. Empty for types without a plugin, except for what is common
   * to all.
   */
  defaultsOf(type: string): Properties;
  /**
   * Runs one attempt from its first log line (`Starting …`) to its result. Never rejects: what cannot be run fails,
   * with the reason in the result and in the log.
   */
  runAttempt(type: string | undefined, context: AttemptContext): Promise<AttemptResult>;
}

export interface JobTypesOptions {
  /** Types besides the built-in ones; they win over those of the same name. */
  readonly types?: readonly JobType[];
  /** How processes are started; default: from this process. */
  readonly starter?: ProcessStarter;
  /** Folder of job type plugins in Azkaban's layout; a missing one is like an empty one. */
  readonly pluginDir?: string;
}

/**
 * Builds the table of types: built-in ones, those of the plugin folder, those handed in, the later winning. Call it
 * again to re-read the folder; attempts that run keep their type.
 */
export async function createJobTypes({ types = [], pluginDir, starter }: JobTypesOptions = {}): Promise<JobTypes> {
  const runCommands = createRunCommands({
    table: createProcessTable(),
    starter: starter ?? createLocalStarter(),
  });
  const table = new Map<string, JobType>();
  for (const type of builtinJobTypes({ runCommands })) table.set(type.name, type);
  const plugins = await loadPlugins({ pluginDir, runCommands, builtin: new Map(table) });
  for (const type of [...plugins.types, ...types]) table.set(type.name, type);

  return {
    names: [...table.keys()].sort(),
    problems: plugins.problems,
    find: (type) => table.get(type),
    defaultsOf: (type) => plugins.defaults.get(type) ?? plugins.commonDefaults,
    runAttempt: (type, context) => runAttempt({ type, context, table, pluginDir }),
  };
}

async function runAttempt({
  type,
  context,
  table,
  pluginDir,
}: {
  readonly type: string | undefined;
  readonly context: AttemptContext;
  readonly table: ReadonlyMap<string, JobType>;
  readonly pluginDir: string | undefined;
}): Promise<AttemptResult> {
  const { jobId, attempt, clock, log, properties } = context;
  const retry = attempt > 0 ? `retry ${attempt} of ` : '';
  log('INFO', `Starting ${retry}${type ?? ''} job ${jobId} at ${clock.now()}.`);

  const jobType = type === undefined ? undefined : table.get(type);
  if (jobType === undefined) {
    const reason = `Failed to build job executor for job ${jobId}: ${whyUnknown(type, jobId, table, pluginDir)}`;
    log('ERROR', reason);
    return { result: 'failed', reason };
  }
  const result = await resultOf(jobType, context, jobType.check?.(properties));
  if (result.result === 'failed') log('ERROR', result.reason);
  return result;
}

async function resultOf(type: JobType, context: AttemptContext, problem: string | undefined): Promise<AttemptResult> {
  if (problem !== undefined) return { result: 'failed', reason: problem };
  try {
    return await type.run(context);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { result: 'failed', reason: `The job of type "${type.name}" could not be run: ${message}` };
  }
}

function whyUnknown(
  type: string | undefined,
  jobId: string,
  table: ReadonlyMap<string, JobType>,
  pluginDir: string | undefined,
): string {
  // Azkaban's sentence.
  if (type === undefined || type === '') {
    return `The 'type' parameter for job[${jobId}] is missing or null or empty`;
  }
  const place = pluginDir === undefined ? 'the job type plugin directory (none is configured)' : pluginDir;
  return (
    `Job type "${type}" is not known. Known types: ${[...table.keys()].sort().join(', ')}. ` +
    `To add it, put a folder "${type}" with a private.properties into ${place}, saying either lockstep.command=<command line>, ` +
    'lockstep.module=<JavaScript module> or lockstep.type=<known type>.'
  );
}

/** The last line of an attempt's log, for the runner, which knows the final status. The wording is Azkaban's. */
export function wrappingUpLine(end: {
  readonly type: string | undefined;
  readonly jobId: string;
  readonly at: number;
  readonly status: string;
}): string {
  return `Wrapping up ${end.type ?? ''} job ${end.jobId}, finished at ${end.at} with status ${end.status}.`;
}
