import { DomainError, isFinished } from '@lockstep/domain';
import type { Execution } from '@lockstep/domain';

/** Throws `execution.not-running` once the execution has ended. */
export function assertRunning({ id, flowId, status }: Execution): void {
  if (isFinished(status)) throw new DomainError('execution.not-running', { execution: id, flow: flowId });
}
