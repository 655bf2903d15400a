import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { InMemoryExecutionJournal, InMemoryExecutions } from '@lockstep/database';
import type { AttemptRecord, Clock, Execution, NewExecution } from '@lockstep/domain';
import { createJobTypes } from '@lockstep/job-types';
import { createLogFormatter, createLogReader, createLogWriter, type LogReader } from '@lockstep/log-store';
import { createRunner } from '@lockstep/runner';
import { jobEnvironment } from '@lockstep/server';
import { CommandError } from '../command-error.js';
import { createFileLogChunks, type FileLogChunks } from './file-log-chunks.js';
import { onStopSignals } from './on-stop-signals.js';
import type { OpenProject } from './open-project.js';

export interface LocalRunOptions {
  readonly execution: NewExecution;
  readonly project: OpenProject;
  readonly clock: Clock;
  readonly timeZone: string;
  readonly jobThreads: number;
  readonly pluginDir: string | undefined;
  /** Where logs stay; undefined = they go away with `close`. */
  readonly logFolder: string | undefined;
  readonly onChange: (records: readonly AttemptRecord[]) => void;
  readonly remark: (line: string) => void;
}

/** A flow that has been run. */
export interface LocalRun {
  readonly execution: Execution;
  /** By nested id and attempt. */
  readonly attempts: readonly AttemptRecord[];
  readonly logReader: LogReader;
  readonly logs: FileLogChunks;
  /** Removes the working folder. */
  close(): Promise<void>;
}

/**
 * Runs an execution to its end in this process, with nothing but a temporary folder. The first SIGINT or SIGTERM cancels it
 * (its jobs are killed, it ends KILLED), a second one does not wait for that.
 */
export async function runLocally(options: LocalRunOptions): Promise<LocalRun> {
  const { project, clock, remark } = options;
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-run-'));
  const close = () => rm(folder, { recursive: true, force: true, maxRetries: 3 });
  try {
    const executions = new InMemoryExecutions();
    const logs = createFileLogChunks(
      options.logFolder === undefined ? join(folder, 'logs') : resolve(options.logFolder),
    );
    const logWriter = createLogWriter({ chunks: logs, clock, timeZone: options.timeZone });
    const { id } = executions.add(options.execution);
    const runner = await createRunner({
      workerId: 'local',
      journal: new InMemoryExecutionJournal({ executions, logChunks: logs }),
      logChunks: logs,
      logWriter,
      formatLog: createLogFormatter({ timeZone: options.timeZone }),
      jobTypes: await openJobTypes(options),
      loadProject: async () => ({
        definition: project.loaded.definition,
        project: { modifiedBy: options.execution.submitUser, modifiedAt: options.execution.submittedAt },
        files: async () => project.folder,
      }),
      clock,
      folder,
      jobThreads: options.jobThreads,
      killGraceMs: KILL_GRACE_MS,
      timezone: options.timeZone,
      globalProperties: {},
      baseEnvironment: jobEnvironment(),
      onProblem: (message, error) => remark(`${message}: ${error instanceof Error ? error.message : String(error)}`),
      onChange: (_, records) => options.onChange(records),
    });
    const ignoreSignals = onStopSignals({
      clock,
      onFirst() {
        remark('Killing the jobs (Ctrl-C again to stop waiting for them) …');
        executions.addRequest({ executionId: id, kind: 'cancel', user: options.execution.submitUser, at: clock.now() });
      },
      onSecond: () => process.exit(1),
    });
    try {
      await runner.run(id);
      await runner.stop();
      await logWriter.close();
    } finally {
      ignoreSignals();
    }
    return {
      execution: executions.find(id) as Execution,
      attempts: executions.attemptsOf(id),
      logReader: createLogReader({ chunks: logs }),
      logs,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Shorter than a server's: somebody sits in front of it. */
const KILL_GRACE_MS = 5_000;

async function openJobTypes({ pluginDir }: LocalRunOptions) {
  const jobTypes = await createJobTypes(pluginDir === undefined ? {} : { pluginDir: resolve(pluginDir) });
  if (jobTypes.problems.length > 0) throw new CommandError(jobTypes.problems.join('\n'));
  return jobTypes;
}
