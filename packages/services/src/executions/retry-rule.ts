import type { ExecutionOptions, Properties, RetryRule } from '@lockstep/domain';
import { wordsOf } from './words-of.js';

/** Ends that may be followed by another try of the whole flow; a kill is somebody's wish and never is. */
export const RETRY_STATUSES = ['EXECUTION_STOPPED', 'FAILED'] as const;
export const RETRY_STRATEGIES = ['retryAsNew', 'disableSucceededNodes'] as const;

/**
 * What the flow parameters `flow.retry.statuses` and `flow.max.retries` ask for: one retry when only statuses are given,
 * none without statuses. They may come from the project, unchecked: what is no status is left out, and no more retries
 * than `limit` are given.
 */
export function retryRuleOf(
  { flowParameters }: Pick<ExecutionOptions, 'flowParameters'>,
  limit: number,
): RetryRule | undefined {
  const statuses = RETRY_STATUSES.filter((status) => retryStatusWords(flowParameters).includes(status));
  const left = Math.min(maxRetriesOf(flowParameters), limit);
  return statuses.length === 0 || left <= 0 ? undefined : { statuses, left };
}

/** `allow.restart.on.execution.stopped` is the older way to ask for a retry after EXECUTION_STOPPED. */
export function retryStatusWords(parameters: Properties): readonly string[] {
  const words = wordsOf(parameters['flow.retry.statuses']);
  const restarts = parameters['allow.restart.on.execution.stopped']?.trim().toLowerCase() === 'true';
  return restarts && !words.includes('EXECUTION_STOPPED') ? [...words, 'EXECUTION_STOPPED'] : words;
}

export function maxRetriesOf(parameters: Properties): number {
  const text = parameters['flow.max.retries']?.trim();
  if (text === undefined) return 1;
  return /^\d+$/.test(text) ? Number(text) : 0;
}

export function retryStrategyOf(parameters: Properties): (typeof RETRY_STRATEGIES)[number] {
  const word = parameters['flow.retry.strategy']?.trim();
  return RETRY_STRATEGIES.find((strategy) => strategy === word) ?? 'retryAsNew';
}
