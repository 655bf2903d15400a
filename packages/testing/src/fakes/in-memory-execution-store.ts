import { type InMemoryExecutions, type StoredExecution } from '@lockstep/database';
import {
  FINAL_EXECUTION_STATUSES,
  type AttemptRecord,
  type Execution,
  type ExecutionFilter,
  type ExecutionRequest,
  type ExecutionStore,
  type NewExecution,
} from '@lockstep/domain';

/** The use cases' view of executions an `InMemoryExecutionJournal` may be running. */
export class InMemoryExecutionStore implements ExecutionStore {
  readonly #executions: InMemoryExecutions;

  constructor(executions: InMemoryExecutions) {
    this.#executions = executions;
  }

  /** Nothing to do: transactions of the fake run one after another. */
  async lockFlow(): Promise<void> {}

  async lockFlows(): Promise<void> {}

  async unfinishedOfFlow(projectId: number, flowId: string): Promise<readonly number[]> {
    return this.#ofFlow(projectId, flowId)
      .filter(({ status }) => !FINAL_EXECUTION_STATUSES.includes(status))
      .map(({ id }) => id);
  }

  async countWaiting(): Promise<number> {
    return this.#all().filter(({ status }) => status === 'PREPARING').length;
  }

  async insert(execution: NewExecution): Promise<number> {
    return this.#executions.add(execution).id;
  }

  async addWaits(id: number, waits: { on: readonly number[]; needsSuccess: boolean }): Promise<void> {
    this.#executions.addWaits(id, waits);
  }

  async plannedWith(root: number): Promise<readonly Execution[]> {
    return this.#all().filter(({ id, planRoot }) => id === root || planRoot === root);
  }

  async retriesOf(root: number): Promise<readonly Execution[]> {
    return this.#all().filter(({ id, retryRoot }) => id === root || retryRoot === root);
  }

  async find(id: number): Promise<Execution | undefined> {
    return this.#executions.find(id);
  }

  async attemptsOf(id: number): Promise<readonly AttemptRecord[]> {
    return this.#executions.attemptsOf(id);
  }

  async listOfFlow(
    flow: { projectId: number; flowId: string },
    page: { start: number; length: number },
  ): Promise<{ total: number; executions: readonly Execution[] }> {
    const ofFlow = this.#ofFlow(flow.projectId, flow.flowId);
    return { total: ofFlow.length, executions: newestFirst(ofFlow, page) };
  }

  async lastSuccessfulOfFlow(projectId: number, flowId: string): Promise<number | undefined> {
    return this.#ofFlow(projectId, flowId).findLast(({ status }) => status === 'SUCCEEDED')?.id;
  }

  async list(filter: ExecutionFilter, page: { start: number; length: number }): Promise<readonly Execution[]> {
    return newestFirst(
      this.#all().filter((execution) => matches(execution, filter)),
      page,
    );
  }

  async killUnstarted(id: number, { user, at }: { user: string; at: number }): Promise<boolean> {
    const stored = this.#executions.get(id);
    if (stored === undefined || !neverTaken(stored)) return false;
    stored.execution = { ...stored.execution, status: 'KILLED', endedAt: at, updatedAt: at, modifiedBy: user };
    stored.requests = [];
    this.#executions.announceFinished(stored.execution);
    return true;
  }

  async addRequest(request: Omit<ExecutionRequest, 'id'>): Promise<void> {
    this.#executions.addRequest(request);
  }

  #all(): readonly Execution[] {
    return this.#executions.all().map(({ execution }) => execution);
  }

  #ofFlow(projectId: number, flowId: string): readonly Execution[] {
    return this.#all().filter((execution) => execution.projectId === projectId && execution.flowId === flowId);
  }
}

function neverTaken({ leaseTicket, execution }: StoredExecution): boolean {
  return leaseTicket === 0 && !FINAL_EXECUTION_STATUSES.includes(execution.status);
}

function newestFirst(
  executions: readonly Execution[],
  { start, length }: { start: number; length: number },
): readonly Execution[] {
  return executions.toReversed().slice(start, start + length);
}

function matches(execution: Execution, filter: ExecutionFilter): boolean {
  const { statuses, startedAfter, endedBefore } = filter;
  return (
    contains(execution.projectName, filter.projectNameContains) &&
    contains(execution.flowId, filter.flowIdContains) &&
    contains(execution.submitUser, filter.submitUserContains) &&
    (statuses === undefined || statuses.includes(execution.status)) &&
    (startedAfter === undefined || (execution.startedAt ?? -Infinity) > startedAfter) &&
    (endedBefore === undefined || (execution.endedAt ?? Infinity) < endedBefore)
  );
}

function contains(text: string, part: string | undefined): boolean {
  return part === undefined || text.toLowerCase().includes(part.toLowerCase());
}
