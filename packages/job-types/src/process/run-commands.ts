import { existsSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { DEFAULT_KILL_GRACE_MS } from '../job-type.js';
import type { AttemptContext, AttemptResult } from '../job-type.js';
import { jobVariables, processVariables } from './job-environment.js';
import type { ProcessStarter } from '../starter/process-starter.js';
import { removeJobFiles, writeJobFiles } from './job-files.js';
import type { JobFiles } from './job-files.js';
import { launchProcess } from './launch-process.js';
import type { Launch, ProcessEnd } from './launch-process.js';
import { readOutputProperties } from './output-properties.js';
import type { ProcessTable } from './process-table.js';
import { createSecretMask } from './secret-mask.js';
import type { SecretMask } from './secret-mask.js';
import { findWorkingDirectory } from './working-directory.js';

export interface CommandLine {
  /** For the log. */
  readonly text: string;
  /** Program and arguments. */
  readonly words: readonly string[];
}

/** Runs programs one after another as one attempt: the first that does not end with 0 fails it. */
export type RunCommands = (
  context: AttemptContext,
  commands: readonly CommandLine[],
  options?: {
    /** Overrides the grace of the context, where a type has one of its own. */
    readonly killGraceMs?: number;
    /** Variables besides those every job gets. */
    readonly variables?: Readonly<Record<string, string>>;
  },
) => Promise<AttemptResult>;

export function createRunCommands({
  table,
  starter,
}: {
  readonly table: ProcessTable;
  readonly starter: ProcessStarter;
}): RunCommands {
  return async (context, commands, options = {}) => {
    const directory = findWorkingDirectory(context);
    if (directory.result === 'not-valid') return failed(directory.reason);
    if (context.signal.aborted) return failed('The job was killed before it started.');

    const mask = createSecretMask(context.properties);
    logStart(context, commands, mask);
    const files = writeJobFiles({
      directory: directory.path,
      jobId: context.jobId,
      properties: context.properties,
    });
    const variables = { ...jobVariables(context, files), ...options.variables };
    const marker = context.marker ?? randomUUID();
    const failure = await runInTurn(context, commands, {
      directory: directory.path,
      describe: (command) => describeCommand({ command, variables, directory: directory.path, mask }),
      launch: {
        workingDirectory: directory.path,
        environment: context.baseEnvironment,
        variables: processVariables({ variables, marker, workingDirectory: directory.path }),
        outputFile: context.outputFile,
        marker,
        killGraceMs: options.killGraceMs ?? context.killGraceMs ?? DEFAULT_KILL_GRACE_MS,
        signal: context.signal,
        table,
        starter,
      },
    });
    if (failure === undefined) return succeeded(context, files);
    removeJobFiles(files);
    return failed(failure);
  };
}

function logStart({ log, properties }: AttemptContext, commands: readonly CommandLine[], mask: SecretMask): void {
  const lines: string[] = [];
  if (properties['job.dump.properties']?.toLowerCase() !== 'false') {
    lines.push('Properties of the job:');
    for (const key of Object.keys(properties)) lines.push(`${key}=${mask.valueOf(key)}`);
  }
  lines.push(commands.length === 1 ? '1 command to execute.' : `${commands.length} commands to execute.`);
  log('INFO', lines.join('\n'));
}

/** The lines before the output of each command; the wording is Azkaban's. */
function describeCommand({
  command,
  variables,
  directory,
  mask,
}: {
  readonly command: CommandLine;
  readonly variables: Readonly<Record<string, string>>;
  readonly directory: string;
  readonly mask: SecretMask;
}): string {
  const shown = Object.entries(variables).map(([name, value]) => `${name}=${mask.variable(name, value)}`);
  return [
    `Command: ${mask.text(command.text)}`,
    `Environment variables: {${shown.join(', ')}}`,
    `Working directory: ${directory}`,
  ].join('\n');
}

/** Returns why it failed, or undefined. */
async function runInTurn(
  { clock, log, signal }: AttemptContext,
  commands: readonly CommandLine[],
  {
    directory,
    describe,
    launch,
  }: {
    readonly directory: string;
    readonly describe: (command: CommandLine) => string;
    readonly launch: Omit<Launch, 'words'>;
  },
): Promise<string | undefined> {
  for (const command of commands) {
    if (signal.aborted) return 'The job was killed; the commands that were left have not been started.';
    log('INFO', describe(command));
    const [program, ...parameters] = command.words;
    if (program === undefined) return `The command "${command.text}" names no program.`;

    const startedAt = clock.now();
    const end = await launchProcess({ ...launch, words: [program, ...parameters] });
    if (end.result === 'not-started') return whyNotStarted(program, directory, end.error);
    const failure = whyEnded(program, end);
    log('INFO', endLine(end.pid, failure === undefined, clock.now() - startedAt));
    if (failure !== undefined) return failure;
  }
  return undefined;
}

/** Azkaban's wording. */
function endLine(pid: number, isSuccess: boolean, durationMs: number): string {
  const how = isSuccess ? 'successfully' : 'unsuccessfully';
  return `Process with id ${pid} completed ${how} in ${Math.floor(durationMs / 1000)} seconds.`;
}

function whyEnded(program: string, end: Extract<ProcessEnd, { result: 'ended' }>): string | undefined {
  const { exitCode, signal, lost, kill, pid } = end;
  if (kill !== undefined) {
    const left = kill.survivors.length === 0 ? '' : ` Still alive in spite of SIGKILL: ${kill.survivors.join(', ')}.`;
    const step = kill.endedBy === 'nothing' ? 'it had just ended' : `ended by ${kill.endedBy}`;
    return `The job was killed: process ${pid}, ${step}.${left}`;
  }
  if (lost)
    return `Nobody heard how process ${pid} (${program}) ended: the process that had started it was ended by force.`;
  if (exitCode === 0) return undefined;
  return exitCode === undefined
    ? `Process ${pid} (${program}) was ended by signal ${signal ?? 'unknown'}.`
    : `Process ${pid} (${program}) ended with exit code ${exitCode}.`;
}

function whyNotStarted(program: string, directory: string, error: NodeJS.ErrnoException): string {
  const what = `Program "${program}" cannot be started`;
  if (error.code === 'ENOENT') {
    if (!existsSync(directory)) return `${what}: the working directory ${directory} is gone.`;
    return (
      `${what}: it is neither in the PATH nor a file seen from ${directory}. ` +
      'A command is not read by a shell; for built-ins, pipes and redirection use bash -c "…".'
    );
  }
  if (error.code === 'EACCES') {
    return `${what}: it is not executable. Files of a project usually are not; use an interpreter, as in "bash script.sh".`;
  }
  return `${what}: ${error.message}`;
}

function succeeded({ log }: AttemptContext, files: JobFiles): AttemptResult {
  const read = readOutputProperties(files.outputsFile);
  if (read.result === 'read') return { result: 'succeeded', outputs: read.outputs };
  log('WARN', read.reason);
  return { result: 'succeeded' };
}

function failed(reason: string): AttemptResult {
  return { result: 'failed', reason };
}
