import {
  FINAL_EXECUTION_STATUSES,
  type AttemptRecord,
  type Execution,
  type ExecutionEvent,
  type ExecutionRequest,
  type NewExecution,
} from '@lockstep/domain';

/** One execution with everything that hangs off it. */
export interface StoredExecution {
  execution: Execution;
  /** By attempt and nested id. */
  readonly attempts: Map<string, AttemptRecord>;
  readonly commits: { readonly ticket: number; readonly events: readonly ExecutionEvent[] }[];
  leaseWorker: string | undefined;
  leaseTicket: number;
  requests: readonly ExecutionRequest[];
  /** Executions it waits for. */
  waits: readonly { readonly on: number; readonly needsSuccess: boolean }[];
}

/** Executions in the memory of one process: what `lockstep run` and tests use in place of the tables. */
export class InMemoryExecutions {
  #stored = new Map<number, StoredExecution>();
  readonly #requestListeners = new Set<(executionId: number) => void>();
  readonly #progressListeners = new Set<(executionId: number) => void>();
  readonly #finishListeners = new Set<(execution: Execution) => void>();
  #lastRequestId = 0;

  /** Status PREPARING, ids from 1. */
  add(execution: NewExecution): Execution {
    const id = this.#stored.size + 1;
    const added: Execution = { ...execution, id, status: 'PREPARING', updatedAt: execution.submittedAt };
    this.#stored.set(id, {
      execution: added,
      attempts: new Map(),
      commits: [],
      leaseWorker: undefined,
      leaseTicket: 0,
      requests: [],
      waits: [],
    });
    return added;
  }

  get(id: number): StoredExecution | undefined {
    return this.#stored.get(id);
  }

  /** Oldest first. */
  all(): readonly StoredExecution[] {
    return [...this.#stored.values()];
  }

  find(id: number): Execution | undefined {
    return this.#stored.get(id)?.execution;
  }

  /** By nested id and attempt, like the table. */
  attemptsOf(id: number): readonly AttemptRecord[] {
    return [...(this.#stored.get(id)?.attempts.values() ?? [])].sort(
      (a, b) => compareTexts(a.nestedId, b.nestedId) || a.attempt - b.attempt,
    );
  }

  /** Returns a function that brings back what is stored now. */
  snapshot(): () => void {
    const stored = new Map(
      [...this.#stored].map(([id, each]) => [
        id,
        { ...each, attempts: new Map(each.attempts), commits: [...each.commits] },
      ]),
    );
    return () => void (this.#stored = stored);
  }

  addRequest(request: Omit<ExecutionRequest, 'id'>): void {
    const stored = this.#stored.get(request.executionId);
    if (stored === undefined) return;
    stored.requests = [...stored.requests, { ...request, id: ++this.#lastRequestId }];
    queueMicrotask(() => this.#requestListeners.forEach((listener) => listener(request.executionId)));
  }

  onRequest(listener: (executionId: number) => void): () => void {
    this.#requestListeners.add(listener);
    return () => void this.#requestListeners.delete(listener);
  }

  /** Calls back with each execution that has ended. */
  onFinished(listener: (execution: Execution) => void): () => void {
    this.#finishListeners.add(listener);
    return () => void this.#finishListeners.delete(listener);
  }

  onProgress(listener: (executionId: number) => void): () => void {
    this.#progressListeners.add(listener);
    return () => void this.#progressListeners.delete(listener);
  }

  announceProgress(executionId: number): void {
    queueMicrotask(() => this.#progressListeners.forEach((listener) => listener(executionId)));
  }

  addWaits(id: number, { on, needsSuccess }: { on: readonly number[]; needsSuccess: boolean }): void {
    const stored = this.#stored.get(id);
    if (stored === undefined) return;
    const unfinished = on.filter((each) => {
      const upstream = this.find(each);
      return upstream !== undefined && !hasEnded(upstream);
    });
    stored.waits = [...stored.waits, ...unfinished.map((each) => ({ on: each, needsSuccess }))];
  }

  /**
   * Who waited for an execution that has ended may go on, or never starts. With `again`, who needs its success goes on
   * waiting: it will be tried again.
   */
  endWaits(ended: Execution, { again }: { again: boolean }): void {
    for (const stored of this.#stored.values()) {
      const wait = stored.waits.find(({ on }) => on === ended.id);
      if (wait === undefined || (again && wait.needsSuccess)) continue;
      stored.waits = stored.waits.filter(({ on }) => on !== ended.id);
      if (!wait.needsSuccess || ended.status === 'SUCCEEDED' || hasEnded(stored.execution)) continue;
      const { endedAt = ended.updatedAt, updatedAt } = ended;
      stored.execution = { ...stored.execution, status: 'KILLED', endedAt, updatedAt };
      this.announceFinished(stored.execution);
    }
  }

  announceFinished(execution: Execution): void {
    const { retry, status } = execution;
    this.endWaits(execution, { again: retry !== undefined && retry.left > 0 && retry.statuses.includes(status) });
    queueMicrotask(() => this.#finishListeners.forEach((listener) => listener(execution)));
  }
}

export function hasEnded({ status }: Execution): boolean {
  return FINAL_EXECUTION_STATUSES.includes(status);
}

/** By code point, as the database sorts. */
function compareTexts(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
