import type { RetryPolicy } from '@lockstep/domain';

/** The properties of a job, as far as they are known (resolved, or raw when they cannot be resolved). */
export type PropertyLookup = (key: string) => string | undefined;

/** What happens to an attempt whose worker is gone: `on.worker.loss`. */
export function policyAfterWorkerLoss(valueOf: PropertyLookup, attempt: number): RetryPolicy {
  const policy = retryPolicy(valueOf);
  const wanted = valueOf('on.worker.loss')?.trim().toLowerCase();
  if (wanted === 'retry') return { ...policy, retries: Math.max(policy.retries, attempt + 1), backoffMs: 0 };
  if (wanted === 'fail') return { ...policy, retries: 0 };
  return policy;
}

/**
 * `retries`, `retry.backoff` (milliseconds, constant, as in Azkaban) and `job.succeed.on.failure`. A value that is no
 * number counts as 0: a job must not be lost over a typing mistake in its retry settings.
 */
export function retryPolicy(valueOf: PropertyLookup): RetryPolicy {
  return {
    retries: wholeNumber(valueOf('retries')),
    backoffMs: wholeNumber(valueOf('retry.backoff')),
    succeedOnFailure: valueOf('job.succeed.on.failure')?.trim().toLowerCase() === 'true',
  };
}

function wholeNumber(text: string | undefined): number {
  const value = Number(text?.trim() ?? '');
  return Number.isSafeInteger(value) && value > 0 ? value : 0;
}
