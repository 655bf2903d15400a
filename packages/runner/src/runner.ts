import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  AttemptRecord,
  ClaimResult,
  Clock,
  Execution,
  ExecutionJournal,
  ExecutionPlan,
  LogChunks,
  Project,
  ProjectDefinition,
  Properties,
} from '@lockstep/domain';
import { planExecution } from '@lockstep/engine';
import type { JobTypes } from '@lockstep/job-types';
import type { LogFormatter, LogWriter } from '@lockstep/log-store';
import { injectedFlowProperties } from '@lockstep/props';
import { createAttempts } from './attempts.js';
import { ExecutionRun, type RunEnd } from './execution-run.js';
import { flowTimeout } from './flow-timeout.js';
import { copyProject } from './project-cache.js';
import { Timers } from './timers.js';

/** What a runner needs to know about the project version of an execution. */
export interface RunnableProject {
  readonly definition: ProjectDefinition;
  readonly project: Pick<Project, 'modifiedBy' | 'modifiedAt'>;
  /** A folder with the unpacked project, not to be written to; fetched when a job needs it. */
  readonly files: () => Promise<string>;
}

export interface RunnerOptions {
  readonly workerId: string;
  readonly journal: ExecutionJournal;
  readonly logChunks: LogChunks;
  readonly logWriter: LogWriter;
  readonly formatLog: LogFormatter;
  readonly jobTypes: JobTypes;
  readonly loadProject: (execution: Execution) => Promise<RunnableProject>;
  readonly clock: Clock;
  /** From 0 up to, not including, 1; default `Math.random`. */
  readonly random?: () => number;
  /** Copies of projects, one per execution, and raw output, live below it. */
  readonly folder: string;
  /** Jobs of one execution that run at the same time. */
  readonly jobThreads: number;
  readonly killGraceMs: number;
  readonly timezone: string;
  readonly webServerUrl?: string;
  readonly globalProperties: Properties;
  /** The environment jobs start from. */
  readonly baseEnvironment: Readonly<Record<string, string | undefined>>;
  readonly onProblem: (message: string, error: unknown) => void;
  readonly onChange?: (executionId: number, records: readonly AttemptRecord[]) => void;
}

/** Runs executions: any number at a time, each in the hands of this worker while its lease holds. */
export interface Runner {
  /**
   * Claims an execution and runs it to its end. 'not-claimable': another worker has it, or it is over.
   * Rejects when the claim itself could not be asked for (the database is away).
   */
  run(executionId: number): Promise<RunEnd | 'not-claimable'>;
  /** Executions in hand. */
  running(): readonly number[];
  /** Another worker may own everything now: stops all jobs, writes nothing more. */
  abandonAll(): Promise<void>;
  /** Kills every process of every job at once, without writing anything: the worker is about to end. */
  killAtOnce(): Promise<void>;
  /** Takes nothing new, stops all jobs, gives the executions back. */
  stop(): Promise<void>;
}

/** Starts listening for requests to the executions it runs. */
export async function createRunner(options: RunnerOptions): Promise<Runner> {
  const runs = new Map<number, ExecutionRun>();
  let stopping = false;
  const stopListening = await options.journal.onRequest((executionId) => {
    void runs.get(executionId)?.checkRequests();
  });
  const stopFollowing = await options.journal.onProgress((executionId) => {
    for (const run of runs.values()) void run.upstreamMoved(executionId);
  });

  const run = async (executionId: number): Promise<RunEnd | 'not-claimable'> => {
    if (stopping || runs.has(executionId)) return 'not-claimable';
    const claim = await options.journal.claim({ executionId, workerId: options.workerId });
    if (claim.result === 'not-claimable') return 'not-claimable';
    const { lease } = claim;
    try {
      return await runClaimed(claim);
    } catch (error) {
      await options.journal.release(lease, 'later').catch(() => undefined);
      throw error;
    }
  };

  const runClaimed = async (claim: Claimed): Promise<RunEnd> => {
    const { lease, execution, events, sequence } = claim;
    const executionId = execution.id;
    const project = await options.loadProject(execution);
    const timezone = options.timezone;
    const planned = planExecution({
      definition: project.definition,
      flowId: execution.flowId,
      options: execution.options,
      jobThreads: jobThreadsOf(execution, options.jobThreads),
    });
    const startedAt = execution.startedAt ?? options.clock.now();
    const flowProperties = injectedFlowProperties({
      execution,
      project: project.project,
      startedAt,
      uuid: randomUUID(),
      timezone,
    });
    const { globalProperties } = options;
    const timeout = flowTimeout({
      plan: planned,
      definition: project.definition,
      execution,
      flowProperties,
      globalProperties,
      timezone,
      now: startedAt,
    });
    const plan = timeout.result === 'limit' ? { ...planned, timeoutMs: timeout.timeoutMs } : planned;
    const folderPath = join(options.folder, 'executions', String(executionId));
    let folder: Promise<string> | undefined;
    const spoolFolder = join(options.folder, 'spool', String(executionId));
    const flowLogName = { executionId, nestedId: '', attempt: 0 };
    const flowLog = options.logWriter.open({
      lease,
      nestedId: '',
      attempt: 0,
      jobName: execution.flowId,
      startByte: events.length === 0 ? 0 : await options.logChunks.size(flowLogName),
    });
    // Told once: whoever takes the execution over finds the same, and the same log.
    if (timeout.result === 'unusable' && events.length === 0) {
      flowLog.line(
        'ERROR',
        `The flow runs without a time limit, since its flow.timeout cannot be used. ${timeout.reason}`,
      );
    }
    const executionRun = new ExecutionRun({
      lease,
      execution,
      plan,
      history: events,
      sequence,
      journal: options.journal,
      flowLog,
      attempts: createAttempts({
        lease,
        execution,
        plan,
        definition: project.definition,
        flowProperties,
        globalProperties,
        jobTypes: options.jobTypes,
        logWriter: options.logWriter,
        formatLog: options.formatLog,
        folder: () =>
          (folder ??= project
            .files()
            .then((files) => copyProject(files, folderPath))
            .then(() => folderPath)),
        folderPath,
        spoolFolder,
        ...(options.webServerUrl === undefined ? {} : { webServerUrl: options.webServerUrl }),
        timezone,
        killGraceMs: options.killGraceMs,
        baseEnvironment: options.baseEnvironment,
        clock: options.clock,
        random: options.random ?? Math.random,
      }),
      olderPlan: await olderPlanOf(plan, options),
      timers: new Timers(options.clock),
      now: () => options.clock.now(),
      onProblem: (message, error) => options.onProblem(`${message} (execution ${executionId})`, error),
      ...(options.onChange === undefined
        ? {}
        : { onChange: (records: readonly AttemptRecord[]) => options.onChange?.(executionId, records) }),
    });
    runs.set(executionId, executionRun);
    try {
      const end = await executionRun.run();
      // Files of an execution that goes on elsewhere stay: on this machine the next worker finds what its jobs wrote.
      if (end === 'finished') void removeFolders([folderPath, spoolFolder], folder, options, events.length > 0);
      return end;
    } finally {
      runs.delete(executionId);
    }
  };

  return {
    run,
    running: () => [...runs.keys()],
    async abandonAll() {
      await Promise.all([...runs.values()].map((each) => each.abandon()));
    },
    async killAtOnce() {
      stopping = true;
      await Promise.all([...runs.values()].map((each) => each.killAtOnce()));
    },
    async stop() {
      stopping = true;
      await Promise.all([stopListening(), stopFollowing()]);
      await Promise.all([...runs.values()].map((each) => each.release()));
    },
  };
}

/** The plan of the execution this one is pipelined behind; undefined when there is none, or it cannot be made any more. */
async function olderPlanOf(
  { pipelineExecutionId }: ExecutionPlan,
  { journal, loadProject, onProblem }: RunnerOptions,
): Promise<ExecutionPlan | undefined> {
  if (pipelineExecutionId === undefined) return undefined;
  try {
    const older = await journal.findExecution(pipelineExecutionId);
    if (older === undefined) return undefined;
    const { definition } = await loadProject(older);
    return planExecution({ definition, flowId: older.flowId, options: older.options });
  } catch (error) {
    onProblem(`The plan of execution ${pipelineExecutionId} cannot be made; nobody waits for its jobs`, error);
    return undefined;
  }
}

type Claimed = Extract<ClaimResult, { readonly result: 'claimed' }>;

async function removeFolders(
  folders: readonly string[],
  copying: Promise<string> | undefined,
  { onProblem }: RunnerOptions,
  begunElsewhere: boolean,
): Promise<void> {
  if (copying === undefined && !begunElsewhere) return;
  await copying?.catch(() => undefined);
  for (const folder of folders) {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch((error: unknown) => {
      onProblem(`The folder ${folder} could not be removed`, error);
    });
  }
}

/** The flow parameter may lower the number; raising it is left to the installation (Azkaban: a whitelist). */
function jobThreadsOf(execution: Execution, installation: number): number {
  const wanted = Number(execution.options.flowParameters['flow.num.job.threads']);
  if (!Number.isSafeInteger(wanted) || wanted < 1) return installation;
  return Math.min(wanted, installation);
}
