export interface FlowLock {
  readonly projectId: number;
  readonly flowId: string;
  /** What a refused submission is told; undefined = the usual sentence. */
  readonly message?: string;
  readonly user: string;
  readonly at: number;
}

/** Flows that may not be started. A lock belongs to the flow's name in its project, so that it outlives uploads. */
export interface FlowLockStore {
  find(projectId: number, flowId: string): Promise<FlowLock | undefined>;
  /** Locks the flow, or replaces its lock. */
  set(lock: FlowLock): Promise<void>;
  /** Harmless when there is none. */
  remove(projectId: number, flowId: string): Promise<void>;
}
