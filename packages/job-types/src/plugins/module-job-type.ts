import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Properties } from '@lockstep/domain';
import { DEFAULT_KILL_GRACE_MS } from '../job-type.js';
import type { AttemptContext, AttemptResult, EngineLogLevel, JobType } from '../job-type.js';

/** What a plugin module gets for one attempt. */
export interface ModuleAttempt {
  readonly jobId: string;
  readonly properties: Properties;
  /** `commonprivate.properties` and `private.properties`: not visible to the job. */
  readonly privateProperties: Properties;
  readonly log: (level: EngineLogLevel, text: string) => void;
  /** Aborted = the job is being killed. */
  readonly signal: AbortSignal;
  readonly workingDirectory: string;
  readonly attempt: number;
  readonly executionId: number;
}

/** The attempt as the module sees it. */
export interface ModuleRun {
  /** Resolves when the job has succeeded, with its output properties if it has any; rejects when it has failed. */
  run(): Promise<unknown>;
  /** Called once when the job is killed; `signal` says the same. */
  cancel?(): unknown;
}

/** The module's export `createJob`. */
export type ModuleJobFactory = (attempt: ModuleAttempt) => ModuleRun | Promise<ModuleRun>;

/**
 * A type implemented by a JavaScript module: `export function createJob({ jobId, properties, privateProperties, log,
 * signal }) { return { run, cancel } }`. The module runs inside the worker and is trusted like it.
 */
export async function loadModuleJobType({
  name,
  module,
  directory,
  settings,
}: {
  readonly name: string;
  /** Path, seen from `directory`. */
  readonly module: string;
  readonly directory: string;
  readonly settings: Properties;
}): Promise<JobType> {
  const path = resolve(directory, module);
  const url = pathToFileURL(path);
  // A module is loaded once per address: the time of change makes a changed file a new one.
  url.searchParams.set('changed', String(statSync(path).mtimeMs));
  const loaded = (await import(url.href)) as { readonly createJob?: unknown };
  if (typeof loaded.createJob !== 'function')
    throw new Error(`the module ${path} does not export a function createJob.`);
  const createJob = loaded.createJob as ModuleJobFactory;
  return { name, run: (context) => runModule(createJob, context, settings) };
}

async function runModule(
  createJob: ModuleJobFactory,
  context: AttemptContext,
  privateProperties: Properties,
): Promise<AttemptResult> {
  const { signal, killGraceMs = DEFAULT_KILL_GRACE_MS } = context;
  if (signal.aborted) return failed('The job was killed before it started.');
  const patience = graceAfter(signal, killGraceMs);
  try {
    return await Promise.race([createAndRun(createJob, context, privateProperties), patience.isOver]);
  } finally {
    patience.stop();
  }
}

async function createAndRun(
  createJob: ModuleJobFactory,
  { jobId, properties, log, signal, workingDirectory, attempt, executionId }: AttemptContext,
  privateProperties: Properties,
): Promise<AttemptResult> {
  let cancel: (() => void) | undefined;
  try {
    const details = { workingDirectory, attempt, executionId };
    const job = await createJob({ jobId, properties, privateProperties, log, signal, ...details });
    if (signal.aborted) return failed('The job was killed before it started.');
    cancel = () => {
      Promise.resolve()
        .then(() => job.cancel?.())
        .catch((error: unknown) => log('WARN', `Cancelling failed: ${messageOf(error)}`));
    };
    signal.addEventListener('abort', cancel, { once: true });
    const outputs = await job.run();
    return signal.aborted ? failed('The job was killed.') : { result: 'succeeded', outputs: asProperties(outputs) };
  } catch (error) {
    return failed(messageOf(error));
  } finally {
    if (cancel !== undefined) signal.removeEventListener('abort', cancel);
  }
}

/** A module cannot be forced: when the time after a kill is over, nobody waits for it any more. */
function graceAfter(signal: AbortSignal, graceMs: number): { readonly isOver: Promise<AttemptResult>; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  let start = (): void => {};
  const isOver = new Promise<AttemptResult>((resolve) => {
    start = () => {
      const reason = `The job was killed; its module did not end within ${graceMs} ms and was left behind.`;
      timer = setTimeout(() => resolve(failed(reason)), graceMs);
    };
    signal.addEventListener('abort', start, { once: true });
  });
  return {
    isOver,
    stop: () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', start);
    },
  };
}

/** Text as it is, everything else as JSON. */
function asProperties(outputs: unknown): Properties {
  if (typeof outputs !== 'object' || outputs === null) return {};
  const properties: Record<string, string> = {};
  for (const [key, value] of Object.entries(outputs)) {
    if (value !== undefined) properties[key] = typeof value === 'string' ? value : JSON.stringify(value);
  }
  return properties;
}

function failed(reason: string): AttemptResult {
  return { result: 'failed', reason };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
