import type { Clock, Properties } from '@lockstep/domain';

/** How attempts of one type of job are run. Adding a type is one file exporting one of these, and one line of registration. */
export interface JobType {
  /** The value of `type` in a job. */
  readonly name: string;
  /**
   * The type does nothing outside: `run` neither waits nor starts anything, so a runner may run it inside a batch,
   * without an output file.
   */
  readonly instant?: true;
  /** What is wrong with these properties, or undefined; a sentence for the job's log. Called before `run`. */
  check?(properties: Properties): string | undefined;
  /**
   * Runs one attempt to its end. A failure of the job is a result, never a rejection; a rejection is a defect. When
   * `context.signal` is aborted everything the attempt has started is ended and the result is a failure.
   */
  run(context: AttemptContext): Promise<AttemptResult>;
}

export type AttemptResult =
  | { readonly result: 'succeeded'; readonly outputs?: Properties }
  /** `reason` is a sentence for people. A killed attempt is a failed one: the engine makes it KILLED. */
  | { readonly result: 'failed'; readonly reason: string };

export type EngineLogLevel = 'INFO' | 'WARN' | 'ERROR';

/** All an attempt needs to know, and all it may use of the worker it runs in. */
export interface AttemptContext {
  readonly executionId: number;
  readonly projectName: string;
  readonly flowId: string;
  /** Plain name of the job. */
  readonly jobId: string;
  /** Its path through embedded flows, `outer:inner`. */
  readonly nestedId: string;
  /** 0 for the first one. */
  readonly attempt: number;
  /** Fully resolved: nothing is substituted any more. */
  readonly properties: Properties;
  /** The job's own directory in the execution directory: absolute, existing. Property `working.dir` may choose one below it. */
  readonly workingDirectory: string;
  /**
   * Where processes write what they print: absolute; created when the first process starts, always appended to. The
   * runner follows it into the job's log.
   */
  readonly outputFile: string;
  /** An engine line of the job's log. It stands after everything the output file holds at that moment. */
  readonly log: (level: EngineLogLevel, text: string) => void;
  /** Aborted = kill the attempt. */
  readonly signal: AbortSignal;
  /** How long a process may take to end after SIGTERM before it gets SIGKILL. Default 30,000. */
  readonly killGraceMs?: number;
  /** Environment every process starts from. */
  readonly baseEnvironment: Readonly<Record<string, string | undefined>>;
  /** Value of LOCKSTEP_ATTEMPT, by which processes of this attempt are found again; unique. Default: a random one. */
  readonly marker?: string;
  readonly clock: Clock;
}

export const DEFAULT_KILL_GRACE_MS = 30_000;
