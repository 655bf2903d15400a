import type { WorkerRegistry } from '@lockstep/domain';

export interface LeaseKeeping {
  readonly registry: WorkerRegistry;
  readonly workerId: string;
  /** How long a heartbeat keeps the worker alive. */
  readonly ttlMs: number;
  readonly intervalMs: number;
  /** The lease is gone, or can no longer be trusted: everything this worker runs must stop at once. */
  readonly onLost: (reason: string) => void;
}

/**
 * Renews the worker's lease. A worker that cannot renew (the database is away, or it was stopped itself) gives up one
 * interval before the lease ends, so that nothing of its runs when another worker takes over.
 */
export function keepLease(keeping: LeaseKeeping): { stop(): void } {
  const { registry, workerId, ttlMs, intervalMs, onLost } = keeping;
  let renewedAt = performance.now();
  let beating = false;
  let lost = false;
  const lose = (reason: string) => {
    if (lost) return;
    lost = true;
    clearInterval(timer);
    onLost(reason);
  };
  const beat = async () => {
    const sentAt = performance.now();
    if (sentAt - renewedAt > ttlMs - intervalMs) return lose('the heartbeat could not be written in time');
    if (beating) return;
    beating = true;
    try {
      if (await registry.heartbeat(workerId, { ttlMs })) renewedAt = sentAt;
      else lose('this worker has been declared dead');
    } catch {
      // The database is away: the next beat tries again, until the lease is too old to be trusted.
    } finally {
      beating = false;
    }
  };
  const timer = setInterval(() => void beat(), intervalMs);
  return {
    stop() {
      lost = true;
      clearInterval(timer);
    },
  };
}
