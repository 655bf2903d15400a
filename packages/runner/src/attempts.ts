import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import type {
  Clock,
  Execution,
  ExecutionPlan,
  ExecutionState,
  Lease,
  LogChunk,
  PlanNode,
  ProjectDefinition,
  Properties,
  RetryPolicy,
} from '@lockstep/domain';
import {
  killLeftProcesses,
  wrappingUpLine,
  type AttemptContext,
  type AttemptResult,
  type JobTypes,
} from '@lockstep/job-types';
import type { AttemptLog, LogFormatter, LogWriter } from '@lockstep/log-store';
import { readDuration } from '@lockstep/props';
import { attemptProperties, type AttemptProperties } from './attempt-properties.js';
import { policyAfterWorkerLoss, retryPolicy, type PolicyRequest } from './retry-policy.js';

/** How an attempt ended, with what has to be written together with its end. */
export interface AttemptOutcome {
  readonly result: 'succeeded' | 'failed';
  readonly outputs?: Properties;
  readonly policy: RetryPolicy;
  readonly logChunks: readonly LogChunk[];
  /** Called once the end is durable: the raw output is not needed any more. */
  readonly committed?: () => void;
}

/** The attempts of one execution that this worker runs. */
export interface Attempts {
  /** Runs an attempt to its end; undefined when it was abandoned on the way. Never rejects for a job's failure. */
  run(state: ExecutionState, node: number, attempt: number): Promise<AttemptOutcome | undefined>;
  /** The end of an attempt whose job type does nothing outside (noop); undefined for all others. */
  runInstantly(state: ExecutionState, node: number, attempt: number): AttemptOutcome | undefined;
  /** Asks a running attempt to stop; it ends soon, whatever its processes do. Harmless when it has ended. */
  kill(node: number, attempt: number): void;
  /** Stops everything without reporting ends, and resolves when no process is left. */
  abandonAll(): Promise<void>;
  /** Ends at once, with SIGKILL, every process of the attempts that run here. */
  killAtOnce(): Promise<void>;
  /** Ends what an attempt of a worker that is gone has left running on this machine. */
  killLeftovers(node: number, attempt: number): Promise<void>;
  policyAfterLoss(state: ExecutionState, node: number, attempt: number): RetryPolicy;
}

export interface AttemptsOptions {
  readonly lease: Lease;
  readonly execution: Execution;
  readonly plan: ExecutionPlan;
  readonly definition: ProjectDefinition;
  /** `azkaban.flow.*` of this run. */
  readonly flowProperties: Properties;
  /** Below everything: `executor.global.properties`. */
  readonly globalProperties: Properties;
  readonly jobTypes: JobTypes;
  readonly logWriter: LogWriter;
  readonly formatLog: LogFormatter;
  /** The execution's own copy of the project; made when the first job needs it. */
  readonly folder: () => Promise<string>;
  /** Where that copy is (or will be). */
  readonly folderPath: string;
  /** Where raw output of processes goes. */
  readonly spoolFolder: string;
  readonly webServerUrl?: string;
  readonly timezone: string;
  readonly killGraceMs: number;
  readonly baseEnvironment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** From 0 up to, not including, 1; spreads the retries of jobs that failed together. */
  readonly random: () => number;
}

interface Running {
  readonly controller: AbortController;
  readonly ended: Promise<unknown>;
  abandoned: boolean;
}

export function createAttempts(options: AttemptsOptions): Attempts {
  const running = new Map<string, Running>();
  return {
    async run(state, node, attempt) {
      const key = keyOf(node, attempt);
      const controller = new AbortController();
      const work = runAttempt(options, { state, node, attempt, controller, isAbandoned: () => entry.abandoned });
      const entry: Running = { controller, ended: work.catch(() => undefined), abandoned: false };
      running.set(key, entry);
      try {
        return await work;
      } finally {
        running.delete(key);
      }
    },
    runInstantly: (state, node, attempt) => runInstantly(options, state, node, attempt),
    kill(node, attempt) {
      running.get(keyOf(node, attempt))?.controller.abort();
    },
    async abandonAll() {
      const all = [...running.values()];
      for (const entry of all) {
        entry.abandoned = true;
        entry.controller.abort();
      }
      await Promise.all(all.map((entry) => entry.ended));
    },
    async killAtOnce() {
      const markers = [...running.keys()].map((key) => markerOf(options.execution, key));
      await Promise.all(markers.map((marker) => killLeftProcesses({ marker, graceMs: 0 })));
    },
    async killLeftovers(node, attempt) {
      const marker = markerOf(options.execution, keyOf(node, attempt));
      await killLeftProcesses({ marker, graceMs: options.killGraceMs });
    },
    policyAfterLoss(state, node, attempt) {
      const properties = propertiesOf(options, state, node, attempt, 0);
      return policyAfterWorkerLoss(policyRequest(options, { properties, attempt }));
    },
  };
}

interface AttemptRun {
  readonly state: ExecutionState;
  readonly node: number;
  readonly attempt: number;
  readonly controller: AbortController;
  readonly isAbandoned: () => boolean;
}

async function runAttempt(options: AttemptsOptions, run: AttemptRun): Promise<AttemptOutcome | undefined> {
  const node = options.plan.nodes[run.node] as PlanNode;
  const startedAt = options.clock.now();
  // Values are looked at before anything is awaited: the state goes on changing.
  const properties = propertiesOf(options, run.state, run.node, run.attempt, startedAt);
  const outputFile = outputFileOf(options, node, run.attempt);
  const log = options.logWriter.open({
    lease: options.lease,
    nestedId: node.nestedId,
    attempt: run.attempt,
    jobName: node.id,
  });
  try {
    const result = await resultOf(options, run, { node, properties, log, outputFile });
    if (run.isAbandoned()) return undefined;
    const policy = retryPolicy(
      policyRequest(options, {
        properties,
        attempt: run.attempt,
        onBadValue: (message) => log.line('WARN', message),
      }),
    );
    log.line(
      'INFO',
      wrappingUp(node, typeOf(properties, node), killed(run) ? 'killed' : result.result, options.clock.now()),
    );
    const { pendingTail } = await log.finish();
    return {
      ...result,
      policy,
      logChunks: pendingTail,
      committed: () => rmSync(outputFile, { force: true }),
    };
  } finally {
    log.abandon();
  }
}

interface Prepared {
  readonly node: PlanNode;
  readonly properties: AttemptProperties;
  readonly log: AttemptLog;
  readonly outputFile: string;
}

async function resultOf(options: AttemptsOptions, run: AttemptRun, prepared: Prepared): Promise<Ended> {
  const { node, properties, log, outputFile } = prepared;
  if (properties.result === 'error') {
    log.line('ERROR', properties.message);
    return { result: 'failed' };
  }
  const timeout = jobTimeout(properties.properties, log);
  if (timeout === 'invalid') return { result: 'failed' };
  const timer =
    timeout === undefined
      ? undefined
      : setTimeout(() => {
          log.line('ERROR', `The job has run longer than its job.timeout of ${timeout} ms; it is killed.`);
          run.controller.abort();
        }, timeout);
  try {
    const root = await options.folder();
    if (run.controller.signal.aborted) return { result: 'failed' };
    mkdirSync(dirname(outputFile), { recursive: true });
    log.followFile(outputFile);
    const context = contextOf(options, run, {
      node,
      properties: properties.properties,
      log,
      outputFile,
      workingDirectory: join(root, directoryOf(options, node)),
    });
    return ended(await options.jobTypes.runAttempt(typeOf(properties, node), context));
  } catch (error) {
    log.line('ERROR', `The job could not be run: ${error instanceof Error ? error.message : String(error)}`);
    return { result: 'failed' };
  } finally {
    clearTimeout(timer);
  }
}

type Ended = Pick<AttemptOutcome, 'result' | 'outputs'>;

function ended(result: AttemptResult): Ended {
  if (result.result === 'failed') return { result: 'failed' };
  return { result: 'succeeded', ...(result.outputs === undefined ? {} : { outputs: result.outputs }) };
}

function runInstantly(
  options: AttemptsOptions,
  state: ExecutionState,
  index: number,
  attempt: number,
): AttemptOutcome | undefined {
  const node = options.plan.nodes[index] as PlanNode;
  if (options.jobTypes.find(node.type)?.instant !== true) return undefined;
  const startedAt = options.clock.now();
  const properties = propertiesOf(options, state, index, attempt, startedAt);
  const result = properties.result === 'error' ? 'failed' : 'succeeded';
  const badValues: string[] = [];
  const policy = retryPolicy(
    policyRequest(options, { properties, attempt, onBadValue: (message) => badValues.push(message) }),
  );
  const bytes = options.formatLog({
    at: startedAt,
    jobName: node.id,
    lines: [
      { level: 'INFO', text: `Starting ${node.type} job ${node.id} at ${startedAt}.` },
      ...(properties.result === 'error' ? [{ level: 'ERROR' as const, text: properties.message }] : []),
      ...badValues.map((text) => ({ level: 'WARN' as const, text })),
      { level: 'INFO', text: wrappingUp(node, node.type, result, options.clock.now()) },
    ],
  });
  return {
    result,
    policy,
    logChunks: [{ nestedId: node.nestedId, attempt, startByte: 0, bytes }],
  };
}

function propertiesOf(
  options: AttemptsOptions,
  state: ExecutionState,
  index: number,
  attempt: number,
  now: number,
): AttemptProperties {
  const node = options.plan.nodes[index] as PlanNode;
  return attemptProperties({
    plan: options.plan,
    state,
    node,
    attempt,
    definition: options.definition,
    execution: options.execution,
    flowProperties: options.flowProperties,
    globalProperties: options.globalProperties,
    pluginDefaults: options.jobTypes.defaultsOf(node.type),
    workingDirectory: join(options.folderPath, directoryOf(options, node)),
    outputFile: outputFileOf(options, node, attempt),
    ...(options.webServerUrl === undefined ? {} : { webServerUrl: options.webServerUrl }),
    timezone: options.timezone,
    now,
  });
}

/** Flow 1.0: the directory of the `.job` file; Flow 2.0: the archive root, wherever the `.flow` file lies (Azkaban). */
function directoryOf({ definition }: AttemptsOptions, node: PlanNode): string {
  return posix.dirname(definition.jobs[node.jobKey]?.source ?? '');
}

/** `sub._.job` for `sub:job`, as Azkaban names its log files. */
function outputFileOf({ spoolFolder, execution }: AttemptsOptions, node: PlanNode, attempt: number): string {
  const name = node.nestedId.replaceAll(':', '._.').replaceAll('/', '_');
  return join(spoolFolder, `_job.${execution.id}.${attempt === 0 ? '' : `${attempt}.`}${name}.log`);
}

function contextOf(
  options: AttemptsOptions,
  run: AttemptRun,
  job: Omit<Prepared, 'properties'> & { properties: Properties; workingDirectory: string },
): AttemptContext {
  const { node, log } = job;
  return {
    jobId: node.id,
    nestedId: node.nestedId,
    attempt: run.attempt,
    executionId: options.execution.id,
    projectName: options.execution.projectName,
    flowId: options.execution.flowId,
    properties: job.properties,
    workingDirectory: job.workingDirectory,
    outputFile: job.outputFile,
    log: (level, text) => log.line(level, text),
    signal: run.controller.signal,
    killGraceMs: options.killGraceMs,
    baseEnvironment: options.baseEnvironment,
    marker: markerOf(options.execution, keyOf(run.node, run.attempt)),
    clock: options.clock,
  };
}

/** The type as the job's own properties give it, references resolved. */
function typeOf(properties: AttemptProperties, node: PlanNode): string {
  return properties.valueOf('type') ?? node.type;
}

function killed(run: AttemptRun): boolean {
  return run.state.nodes[run.node]?.status === 'KILLING';
}

function wrappingUp(node: PlanNode, type: string, result: 'succeeded' | 'failed' | 'killed', at: number): string {
  const status = { succeeded: 'SUCCEEDED', failed: 'FAILED', killed: 'KILLED' }[result];
  return wrappingUpLine({ type, jobId: node.id, at, status });
}

function jobTimeout(properties: Properties, log: AttemptLog): number | 'invalid' | undefined {
  try {
    return readDuration(properties, 'job.timeout');
  } catch (error) {
    log.line('ERROR', error instanceof Error ? error.message : String(error));
    return 'invalid';
  }
}

function policyRequest(
  { random }: AttemptsOptions,
  {
    properties,
    ...rest
  }: { properties: AttemptProperties; attempt: number; onBadValue?: NonNullable<PolicyRequest['onBadValue']> },
): PolicyRequest {
  return { valueOf: (key) => properties.valueOf(key), random, ...rest };
}

/**
 * By which the processes of an attempt are found again when their worker is gone. The same for every worker that asks;
 * the time of submission tells executions of different installations on one machine apart.
 */
function markerOf({ id, projectId, flowId, submittedAt }: Execution, key: string): string {
  const facts = [id, projectId, flowId, submittedAt, key].join('\n');
  return createHash('sha256').update(facts).digest('hex').slice(0, 32);
}

function keyOf(node: number, attempt: number): string {
  return `${node}/${attempt}`;
}
