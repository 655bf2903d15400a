import type { FailureAction, Properties } from '../project.js';

/** What to do when the flow already runs. `queue` waits its turn (Azkaban accepts the word and does nothing). */
export const CONCURRENT_OPTIONS = ['skip', 'ignore', 'pipeline', 'queue'] as const;
export type ConcurrentOption = (typeof CONCURRENT_OPTIONS)[number];

/** A disabled job, or an embedded flow some of whose jobs are disabled. `children` undefined = the whole node. */
export interface DisabledJob {
  readonly id: string;
  readonly children?: readonly DisabledJob[];
}

/** Everything a submission can say about how to run a flow; stored with the execution and with a schedule. */
export interface ExecutionOptions {
  readonly failureAction: FailureAction;
  /** true: `failureAction` beats the one written in a Flow 2.0 file. */
  readonly failureActionOverridden: boolean;
  readonly notifyOnFirstFailure: boolean;
  readonly notifyOnLastFailure: boolean;
  readonly failureEmails: readonly string[];
  readonly failureEmailsOverridden: boolean;
  readonly successEmails: readonly string[];
  readonly successEmailsOverridden: boolean;
  readonly concurrentOption: ConcurrentOption;
  readonly pipelineLevel?: number;
  /** The execution this one is pipelined behind; set at submission. */
  readonly pipelineExecutionId?: number;
  readonly queueLevel: number;
  readonly flowParameters: Properties;
  /** By nested id: properties for that node only. */
  readonly runtimeProperties: Readonly<Record<string, Properties>>;
  readonly disabledJobs: readonly DisabledJob[];
  readonly mailCreator: string;
  readonly memoryCheck: boolean;
}

/** The options of a submission that says nothing. */
export const DEFAULT_EXECUTION_OPTIONS: ExecutionOptions = {
  failureAction: 'FINISH_CURRENTLY_RUNNING',
  failureActionOverridden: false,
  notifyOnFirstFailure: true,
  notifyOnLastFailure: false,
  failureEmails: [],
  failureEmailsOverridden: false,
  successEmails: [],
  successEmailsOverridden: false,
  concurrentOption: 'skip',
  queueLevel: 0,
  flowParameters: {},
  runtimeProperties: {},
  disabledJobs: [],
  mailCreator: 'default',
  memoryCheck: true,
};
