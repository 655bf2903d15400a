import {
  isFinished,
  type ClaimResult,
  type Execution,
  type ExecutionCommit,
  type ExecutionJournal,
  type ExecutionProgress,
  type ExecutionRequest,
  type Lease,
  type LogChunk,
  type LogChunks,
} from '@lockstep/domain';
import { finishedNodes } from '../journal/finished-nodes.js';
import { hasEnded, InMemoryExecutions, type StoredExecution } from './in-memory-executions.js';

/** The journal of a process that runs flows by itself; what it holds ends with the process. */
export class InMemoryExecutionJournal implements ExecutionJournal {
  readonly executions: InMemoryExecutions;
  readonly #logChunks: Pick<LogChunks, 'append'> | undefined;
  readonly #isAlive: (workerId: string) => boolean;

  /** `logChunks` takes the log bytes of commits; `isAlive` says whose leases hold (default: everybody's). */
  constructor(
    options: {
      readonly executions?: InMemoryExecutions;
      readonly logChunks?: Pick<LogChunks, 'append'>;
      readonly isAlive?: (workerId: string) => boolean;
    } = {},
  ) {
    this.executions = options.executions ?? new InMemoryExecutions();
    this.#logChunks = options.logChunks;
    this.#isAlive = options.isAlive ?? (() => true);
  }

  async claim({ executionId, workerId }: { executionId: number; workerId: string }): Promise<ClaimResult> {
    const stored = this.executions.get(executionId);
    if (
      stored === undefined ||
      hasEnded(stored.execution) ||
      stored.waits.length > 0 ||
      this.#isHeld(stored) ||
      !this.#isAlive(workerId)
    ) {
      return { result: 'not-claimable' };
    }
    stored.leaseWorker = workerId;
    stored.leaseTicket += 1;
    return {
      result: 'claimed',
      lease: { executionId, workerId, ticket: stored.leaseTicket },
      execution: stored.execution,
      events: stored.commits.flatMap(({ events }) => events),
      sequence: stored.commits.length,
    };
  }

  async commit(commit: ExecutionCommit): Promise<'committed' | 'fenced'> {
    const { lease, sequence } = commit;
    const stored = this.executions.get(lease.executionId);
    if (stored === undefined || stored.leaseTicket !== lease.ticket) return 'fenced';
    const repeated = stored.commits[sequence];
    if (repeated) return repeated.ticket === lease.ticket ? 'committed' : 'fenced';
    if (stored.leaseWorker !== lease.workerId) return 'fenced';
    if (sequence !== stored.commits.length) {
      throw new Error(
        `Commit ${sequence} of execution ${lease.executionId} is out of order; the next one is ${stored.commits.length}.`,
      );
    }
    await this.#apply(stored, commit);
    return 'committed';
  }

  async release({ executionId, workerId, ticket }: Lease, _again: 'now' | 'later'): Promise<void> {
    const stored = this.executions.get(executionId);
    if (stored?.leaseWorker === workerId && stored.leaseTicket === ticket) stored.leaseWorker = undefined;
  }

  async pendingRequests(executionId: number): Promise<readonly ExecutionRequest[]> {
    return this.executions.get(executionId)?.requests ?? [];
  }

  async findExecution(executionId: number): Promise<Execution | undefined> {
    return this.executions.find(executionId);
  }

  async progressOf(executionId: number, nestedIds: readonly string[]): Promise<ExecutionProgress> {
    const execution = this.executions.find(executionId);
    // In the order of attempts: the latest one of a node is what counts.
    const latest = new Map(this.executions.attemptsOf(executionId).map(({ nestedId, status }) => [nestedId, status]));
    return {
      ended: execution === undefined || hasEnded(execution),
      finished: finishedNodes(nestedIds, (nestedId) => isFinished(latest.get(nestedId) ?? 'READY')),
    };
  }

  async onProgress(listener: (executionId: number) => void): Promise<() => Promise<void>> {
    const stop = this.executions.onProgress(listener);
    return async () => stop();
  }

  async onRequest(listener: (executionId: number) => void): Promise<() => Promise<void>> {
    const stop = this.executions.onRequest(listener);
    return async () => stop();
  }

  #isHeld({ leaseWorker }: StoredExecution): boolean {
    return leaseWorker !== undefined && this.#isAlive(leaseWorker);
  }

  async #apply(stored: StoredExecution, commit: ExecutionCommit): Promise<void> {
    stored.commits.push({ ticket: commit.lease.ticket, events: commit.events });
    stored.execution = changedExecution(stored.execution, commit.execution);
    for (const attempt of commit.attempts) stored.attempts.set(`${attempt.attempt}:${attempt.nestedId}`, attempt);
    stored.requests = stored.requests.filter(({ id }) => !commit.handledRequestIds.includes(id));
    await this.#keepLogs(commit.lease, commit.logChunks);
    this.executions.announceProgress(commit.lease.executionId);
    if (hasEnded(stored.execution)) {
      stored.leaseWorker = undefined;
      stored.requests = [];
      this.executions.announceFinished(stored.execution);
    }
  }

  async #keepLogs(lease: Lease, chunks: readonly LogChunk[]): Promise<void> {
    await this.#logChunks?.append(chunks.map((chunk) => ({ lease, chunk })));
  }
}

/** The end is what the commit says; a start, once known, stays. */
function changedExecution({ endedAt: _, ...execution }: Execution, change: ExecutionCommit['execution']): Execution {
  return { ...execution, ...change };
}
