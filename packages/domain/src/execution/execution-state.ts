import type { Properties } from '../project.js';
import type { Status } from '../status.js';
import type { RetryPolicy } from './execution-event.js';

/**
 * Where an execution stands. Owned by one runner and changed in place by `transition` (copying a state of 10,000 nodes
 * per event would make the cost of an event grow with the flow); rebuilt after a crash by replaying the events.
 */
export interface ExecutionState {
  readonly nodes: NodeState[];
  /** A failure has failed the flow (rule 4 of "finish currently running" looks at it). */
  failed: boolean;
  /** Somebody, or CANCEL_ALL, has killed it. */
  killed: boolean;
  paused: boolean;
  /** What a resume goes back to. */
  statusBeforePause: Status;
  /** Nodes that finished during the pause and have not been acted on. */
  readonly deferred: number[];
  /** QUEUED nodes waiting for a job slot, first in, first out; `slotQueueHead` is the next one. */
  readonly slotQueue: number[];
  slotQueueHead: number;
  runningJobs: number;
  /** Pipelining: nested ids of the older execution already finished, and who waits for which. */
  readonly upstreamFinished: Set<string>;
  upstreamEnded: boolean;
  readonly upstreamWaiters: Map<string, number[]>;
}

export interface NodeState {
  status: Status;
  attempt: number;
  startedAt: number | undefined;
  endedAt: number | undefined;
  updatedAt: number | undefined;
  outputs: Properties | undefined;
  /** Why a QUEUED node does not run yet. */
  waiting: 'slot' | 'timer' | 'upstream' | undefined;
  /** The wait before its next start, set by a retry. */
  backoffMs: number;
  /** When the timer it waits for is due; a worker that takes over arms it again. */
  dueAt: number | undefined;
  /** Direct dependencies that have not finished; at 0 the node is examined. */
  pendingDependencies: number;
  successfulDependencies: number;
  failedDependencies: number;
  /** For flows: direct children that have not finished, and how many of its end nodes ended badly. */
  pendingChildren: number;
  badEnds: number;
  /** Pipelining: how many nodes of the older execution it still waits for. */
  pendingUpstream: number;
  /** How an attempt that finished during a pause failed; acted on after the resume. */
  deferredFailure: RetryPolicy | 'none' | undefined;
}
