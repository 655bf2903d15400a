import type { Properties } from '../project.js';
import type { Status } from '../status.js';
import type { ExecutionOptions } from './execution-options.js';

/** Who or what caused an execution. */
export type ExecutionSource = 'adhoc' | 'schedule' | 'event' | 'retry';

/** One run of one flow of one project version. Times are epoch milliseconds, undefined while they have not happened. */
export interface Execution {
  readonly id: number;
  readonly projectId: number;
  readonly projectName: string;
  readonly version: number;
  readonly flowId: string;
  readonly status: Status;
  readonly submitUser: string;
  readonly submittedAt: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly updatedAt: number;
  /** Who changed it last by hand (cancelled, paused …). */
  readonly modifiedBy?: string;
  readonly source: ExecutionSource;
  readonly options: ExecutionOptions;
  /** The execution this one tries again; undefined for one that stands by itself. */
  readonly retryOf?: number;
  /** The first one of the chain of retries it belongs to. */
  readonly retryRoot?: number;
  /** When it is tried again as a whole; undefined = never. */
  readonly retry?: RetryRule;
  /** Flows, `project/flow`, whose successes have led to it; undefined when nobody's success has started it. */
  readonly lineage?: readonly string[];
  /** The first execution of the plan it belongs to: executions made together, each waiting for those before it. */
  readonly planRoot?: number;
}

/** The ends of an execution after which the whole flow is run again, and how often that may still happen. */
export interface RetryRule {
  readonly statuses: readonly Status[];
  readonly left: number;
}

export type NewExecution = Pick<
  Execution,
  | 'projectId'
  | 'projectName'
  | 'version'
  | 'flowId'
  | 'submitUser'
  | 'submittedAt'
  | 'source'
  | 'options'
  | 'retryOf'
  | 'retryRoot'
  | 'retry'
  | 'lineage'
  | 'planRoot'
>;

/**
 * One attempt of one node, as stored: attempt 0 and every retry is a record of its own. A node that has not been looked
 * at yet has no record: readers fill the gap with READY (or DISABLED, see `initialStatuses` of the engine).
 */
export interface AttemptRecord {
  readonly nestedId: string;
  readonly attempt: number;
  readonly status: Status;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly updatedAt: number;
  /** Output properties, once it has succeeded. */
  readonly outputs?: Properties;
}
