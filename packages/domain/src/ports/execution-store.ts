import type { AttemptRecord, Execution, NewExecution } from '../execution/execution.js';
import type { ExecutionEvent } from '../execution/execution-event.js';
import type { Status } from '../status.js';
import type { Lease } from './lease.js';
import type { LogChunk } from './log-chunks.js';

/** Executions as the use cases see them: submitted, asked for, listed. */
export interface ExecutionStore {
  /** Inside a transaction: nobody else submits this flow until it ends. */
  lockFlow(projectId: number, flowId: string): Promise<void>;
  /** The same for several flows. Always in one order, so that two who need some of the same flows never block each other. */
  lockFlows(flows: readonly { readonly projectId: number; readonly flowId: string }[]): Promise<void>;
  /** Ids of the executions of that flow that have not ended, ascending. */
  unfinishedOfFlow(projectId: number, flowId: string): Promise<readonly number[]>;
  countWaiting(): Promise<number>;
  /**
   * Status PREPARING; returns the new id (positive, increasing over the whole installation). An execution that is
   * pipelined behind another has that one's progress announced.
   */
  insert(execution: NewExecution): Promise<number>;
  /**
   * Inside the transaction that inserts it: no worker takes the execution before all of `on` have ended. With
   * `needsSuccess` it is KILLED, never started, when one of them does not succeed. Those that have ended already count as
   * waited for.
   */
  addWaits(id: number, waits: { on: readonly number[]; needsSuccess: boolean }): Promise<void>;
  /** The executions of a plan, by its first one, and their retries, oldest first. */
  plannedWith(root: number): Promise<readonly Execution[]>;
  /** The executions of a chain of retries, oldest first. */
  retriesOf(root: number): Promise<readonly Execution[]>;
  find(id: number): Promise<Execution | undefined>;
  /** All attempts of all nodes that have been looked at, by nested id and attempt. */
  attemptsOf(id: number): Promise<readonly AttemptRecord[]>;
  /** Newest first; `total` counts all executions of the flow. */
  listOfFlow(
    flow: { projectId: number; flowId: string },
    page: { start: number; length: number },
  ): Promise<{ total: number; executions: readonly Execution[] }>;
  lastSuccessfulOfFlow(projectId: number, flowId: string): Promise<number | undefined>;
  /** Newest first, all projects. */
  list(filter: ExecutionFilter, page: { start: number; length: number }): Promise<readonly Execution[]>;

  /**
   * Ends an execution that no worker has ever taken: KILLED, its jobs untouched. false when one has (or it has ended):
   * then ask its worker through `addRequest`.
   */
  killUnstarted(id: number, change: { user: string; at: number }): Promise<boolean>;
  /** Leaves a request for the worker that runs it (or will), and wakes that worker. Durable. */
  addRequest(request: Omit<ExecutionRequest, 'id'>): Promise<void>;
}

export interface ExecutionFilter {
  readonly statuses?: readonly Status[];
  readonly projectNameContains?: string;
  readonly flowIdContains?: string;
  readonly submitUserContains?: string;
  readonly startedAfter?: number;
  readonly endedBefore?: number;
}

export interface ExecutionRequest {
  readonly id: number;
  readonly executionId: number;
  readonly kind: 'pause' | 'resume' | 'cancel' | 'retry-failed';
  readonly user: string;
  readonly at: number;
}

export type ClaimResult =
  | { readonly result: 'not-claimable' }
  | {
      readonly result: 'claimed';
      readonly lease: Lease;
      readonly execution: Execution;
      /** Everything that has happened so far, in order; empty for a new execution. */
      readonly events: readonly ExecutionEvent[];
      /** How many commits those events came in: the next commit's `sequence`. */
      readonly sequence: number;
    };

/** One step of an execution, written as a whole or not at all. */
export interface ExecutionCommit {
  readonly lease: Lease;
  /** 0 for the first commit of an execution, then one more each time, over all workers. */
  readonly sequence: number;
  readonly events: readonly ExecutionEvent[];
  /** New state of the execution's own row. */
  readonly execution: {
    readonly status: Status;
    readonly startedAt?: number;
    readonly endedAt?: number;
    readonly updatedAt: number;
    readonly modifiedBy?: string;
  };
  /** Inserted or overwritten by (nestedId, attempt). */
  readonly attempts: readonly AttemptRecord[];
  /** Log bytes that must be visible once the attempts above are (the tail of a finished job's log). */
  readonly logChunks: readonly LogChunk[];
  /** Requests these events answer; they leave the inbox. */
  readonly handledRequestIds: readonly number[];
}

export interface ExecutionProgress {
  /** Nodes in any final status; a node inside an embedded flow that has ended counts as finished with it. */
  readonly finished: readonly string[];
  readonly ended: boolean;
}

/** Executions as their runner sees them. Implemented on PostgreSQL, and in memory for `lockstep run`. */
export interface ExecutionJournal {
  /**
   * Takes an execution that has not ended and that no living worker holds. The caller becomes its only writer.
   * Waiting for it is pointless: 'not-claimable' means somebody else has it, or it is over.
   */
  claim(claim: { executionId: number; workerId: string }): Promise<ClaimResult>;
  /**
   * One round trip, one transaction. 'fenced' = the lease is no longer ours: stop at once, kill what runs, write nothing
   * more. Repeating a commit whose answer was lost is harmless (same sequence and lease → 'committed').
   * Ending the execution (a final status) also gives up the lease.
   */
  commit(commit: ExecutionCommit): Promise<'committed' | 'fenced'>;
  /**
   * Gives the execution back unfinished. `now`: another worker is to take it at once (this one shuts down). `later`: it
   * could not be run, and is announced again after a while.
   */
  release(lease: Lease, again: 'now' | 'later'): Promise<void>;
  /** Requests not handled yet, oldest first. */
  pendingRequests(executionId: number): Promise<readonly ExecutionRequest[]>;
  /** Any execution, this worker's or not. */
  findExecution(executionId: number): Promise<Execution | undefined>;
  /** Which of these nodes of another execution have finished, and whether all of it has. */
  progressOf(executionId: number, nestedIds: readonly string[]): Promise<ExecutionProgress>;
  /** Calls back with the id of an execution that others are pipelined behind, whenever it has got further. */
  onProgress(listener: (executionId: number) => void): Promise<() => Promise<void>>;
  /** Calls back with the id of an execution that has got a request; ends with the returned function. */
  onRequest(listener: (executionId: number) => void): Promise<() => Promise<void>>;
}
