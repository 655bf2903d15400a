import type { InMemoryExecutions } from '@lockstep/database';
import type { Execution, ExecutionEndStore } from '@lockstep/domain';
import type { InMemoryFlowDependencyStore } from './in-memory-flow-dependency-store.js';

/** Notes ends as the database does, but a moment later; put off ends are due again at once. */
export class InMemoryExecutionEndStore implements ExecutionEndStore {
  readonly #executions: InMemoryExecutions;
  #ends: readonly number[] = [];

  constructor(options: { executions: InMemoryExecutions; flowDependencies: InMemoryFlowDependencyStore }) {
    this.#executions = options.executions;
    options.executions.onFinished((execution) => {
      const flow = { project: execution.projectName, flow: execution.flowId };
      const isUpstream = execution.status === 'SUCCEEDED' && options.flowDependencies.hasDownstream(flow);
      if (isUpstream || mayBeRetried(execution)) this.#ends = [...this.#ends, execution.id];
    });
  }

  async take(): Promise<number | undefined> {
    const [first, ...others] = this.#ends;
    this.#ends = others;
    return first;
  }

  async putOff(executionId: number): Promise<void> {
    this.#ends = [...this.#ends.filter((id) => id !== executionId), executionId];
  }

  async handOverWaits({ from, to }: { from: number; to: number }): Promise<void> {
    for (const stored of this.#executions.all()) {
      stored.waits = stored.waits.map((wait) => (wait.on === from && wait.needsSuccess ? { ...wait, on: to } : wait));
    }
  }

  async failWaits(executionId: number): Promise<void> {
    const execution = this.#executions.find(executionId);
    if (execution !== undefined) this.#executions.endWaits(execution, { again: false });
  }

  /** Returns a function that brings back what is stored now. */
  snapshot(): () => void {
    const ends = this.#ends;
    return () => void (this.#ends = ends);
  }
}

function mayBeRetried({ status, retry }: Execution): boolean {
  return retry !== undefined && retry.left > 0 && retry.statuses.includes(status);
}
