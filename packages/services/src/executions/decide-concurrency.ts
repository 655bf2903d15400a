import type { ExecutionOptions } from '@lockstep/domain';

export type ConcurrencyDecision =
  | { readonly decision: 'start'; readonly options: ExecutionOptions }
  | { readonly decision: 'refuse'; readonly because: 'already-running' | 'too-many-runs' };

/** Waiting in the queue means: behind the whole of the execution before. */
const WHOLE_EXECUTION_LEVEL = 3;

/**
 * What happens to a submission while `running` (ascending ids) executions of the flow have not ended. The options that
 * come back name the execution to wait behind: the newest. `queue` waits for all of it, so that executions of the flow
 * run one after the other (Azkaban knows the word and starts at once).
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
  if (newest === undefined) return { decision: 'start', options };
  if (options.concurrentOption === 'skip') return { decision: 'refuse', because: 'already-running' };
  if (running.length >= limit) return { decision: 'refuse', because: 'too-many-runs' };
  switch (options.concurrentOption) {
    case 'ignore':
      return { decision: 'start', options };
    case 'pipeline':
      return { decision: 'start', options: { ...options, pipelineExecutionId: newest } };
    case 'queue':
      return {
        decision: 'start',
        options: { ...options, pipelineLevel: WHOLE_EXECUTION_LEVEL, pipelineExecutionId: newest },
      };
  }
}
