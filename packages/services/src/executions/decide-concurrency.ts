import type { ExecutionOptions } from '@lockstep/domain';

export type ConcurrencyDecision =
  | {
      readonly decision: 'start';
      readonly options: ExecutionOptions;
      /** Executions that have to end first. */
      readonly waitFor: readonly number[];
    }
  | { readonly decision: 'refuse'; readonly because: 'already-running' | 'too-many-runs' };

/**
 * What happens to a submission while `running` (ascending ids) executions of the flow have not ended. A pipelined one
 * follows the newest of them. A queued one waits until all of them have ended, those that wait themselves included, so
 * that executions of the flow run one after the other, first in, first out (Azkaban knows the word and starts at once).
 */
export function decideConcurrency({
  options: { pipelineExecutionId: _ignored, ...options },
  running,
  limit,
}: {
  options: ExecutionOptions;
  running: readonly number[];
  limit: number;
}): ConcurrencyDecision {
  const newest = running.at(-1);
  if (newest === undefined) return { decision: 'start', options, waitFor: [] };
  if (options.concurrentOption === 'skip') return { decision: 'refuse', because: 'already-running' };
  if (running.length >= limit) return { decision: 'refuse', because: 'too-many-runs' };
  switch (options.concurrentOption) {
    case 'ignore':
      return { decision: 'start', options, waitFor: [] };
    case 'pipeline':
      return { decision: 'start', options: { ...options, pipelineExecutionId: newest }, waitFor: [] };
    case 'queue':
      return { decision: 'start', options, waitFor: running };
  }
}
