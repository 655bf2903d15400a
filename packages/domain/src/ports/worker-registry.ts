export interface WorkerRecord {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly startedAt: number;
  readonly capacity: number;
}

/**
 * The living workers. One heartbeat per worker, not per execution: a lease is valid while its worker's heartbeat is.
 * All times are the database's, so that clocks of machines do not matter.
 */
export interface WorkerRegistry {
  register(worker: Omit<WorkerRecord, 'startedAt'>, lease: { ttlMs: number }): Promise<void>;
  /** false: this worker has been declared dead and its executions may run elsewhere; it must stop them at once. */
  heartbeat(workerId: string, lease: { ttlMs: number }): Promise<boolean>;
  /** Removes the worker; its executions become claimable. */
  unregister(workerId: string): Promise<void>;
  listAlive(): Promise<readonly WorkerRecord[]>;
  /** Declares workers dead whose heartbeat has run out; returns their ids. */
  buryDead(): Promise<readonly string[]>;
  /**
   * Executions that should be on their way to a worker but may not be: unfinished, held by nobody alive, and not nudged
   * for `quietMs`. Marks them as nudged now. At most `limit`, highest priority and oldest first.
   */
  takeOverdue(of: {
    quietMs: number;
    limit: number;
  }): Promise<readonly { executionId: number; ticket: number; priority: number }[]>;
}
