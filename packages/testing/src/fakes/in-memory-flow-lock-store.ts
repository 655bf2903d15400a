import type { FlowLock, FlowLockStore } from '@lockstep/domain';

export class InMemoryFlowLockStore implements FlowLockStore {
  #locks: readonly FlowLock[] = [];

  async find(projectId: number, flowId: string): Promise<FlowLock | undefined> {
    return this.#locks.find((lock) => lock.projectId === projectId && lock.flowId === flowId);
  }

  async set(lock: FlowLock): Promise<void> {
    await this.remove(lock.projectId, lock.flowId);
    this.#locks = [...this.#locks, lock];
  }

  async remove(projectId: number, flowId: string): Promise<void> {
    this.#locks = this.#locks.filter((lock) => lock.projectId !== projectId || lock.flowId !== flowId);
  }

  /** Returns a function that brings back what is stored now. */
  snapshot(): () => void {
    const locks = this.#locks;
    return () => void (this.#locks = locks);
  }
}
