import type { Properties } from '../project.js';

/** What an attempt's own properties say about a failure; resolved by the runner, since only it knows them. */
export interface RetryPolicy {
  /** Extra attempts after a failure. */
  readonly retries: number;
  /** The wait before the next attempt, already computed (back-off, jitter). */
  readonly backoffMs: number;
  /** `job.succeed.on.failure`. */
  readonly succeedOnFailure: boolean;
}

interface At {
  /** Epoch milliseconds; the engine has no clock of its own. */
  readonly at: number;
}

/** What has happened to an execution. Facts: never changed, replayed after a crash. `node` is an index of the plan. */
export type ExecutionEvent = At &
  (
    | { readonly type: 'execution.started' }
    | {
        readonly type: 'node.finished';
        readonly node: number;
        readonly attempt: number;
        /** `killed-by-sla` counts as a failure that may be retried, and otherwise ends the execution KILLED. */
        readonly result: 'succeeded' | 'failed' | 'killed-by-sla';
        readonly outputs?: Properties;
        readonly policy?: RetryPolicy;
      }
    | { readonly type: 'timer.fired'; readonly node: number; readonly attempt: number }
    | { readonly type: 'pause.requested'; readonly user: string }
    | { readonly type: 'resume.requested'; readonly user: string }
    | { readonly type: 'cancel.requested'; readonly user: string }
    | { readonly type: 'retry-failed.requested'; readonly user: string }
    /** Nodes of the older execution have finished; `ended` = the whole of it has. */
    | { readonly type: 'upstream.finished'; readonly nestedIds: readonly string[]; readonly ended: boolean }
    /** The worker that ran these attempts is gone; nobody knows how they ended. */
    | {
        readonly type: 'worker.lost';
        readonly attempts: readonly {
          readonly node: number;
          readonly attempt: number;
          readonly policy?: RetryPolicy;
        }[];
      }
  );

export type ExecutionEventType = ExecutionEvent['type'];
export type EventOf<Type extends ExecutionEventType> = Extract<ExecutionEvent, { readonly type: Type }>;

/** What the engine wants done. Performing one twice does no harm. */
export type Command =
  | { readonly type: 'start-node'; readonly node: number; readonly attempt: number }
  | { readonly type: 'kill-node'; readonly node: number; readonly attempt: number }
  | { readonly type: 'arm-timer'; readonly node: number; readonly attempt: number; readonly at: number }
  | { readonly type: 'disarm-timer'; readonly node: number; readonly attempt: number }
  | { readonly type: 'notify'; readonly about: 'first-failure' | 'finished' }
  | { readonly type: 'finish-execution' };
