import type { RetryPolicy } from '@lockstep/domain';
import { readDuration } from '@lockstep/props';

/** The properties of a job, as far as they are known (resolved, or raw when they cannot be resolved). */
export type PropertyLookup = (key: string) => string | undefined;

export interface PolicyRequest {
  readonly valueOf: PropertyLookup;
  /** The attempt that has failed: 0 is the first. */
  readonly attempt: number;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  /** Told of every value that cannot be used, in words for the job's log; the default is used then. */
  readonly onBadValue?: (message: string) => void;
}

/** Without `retry.backoff.max` an exponential back-off grows no further than this. */
const DEFAULT_LONGEST_MS = 3_600_000;

const STRATEGIES = ['fixed', 'exponential'] as const;
type Strategy = (typeof STRATEGIES)[number];

/** What happens to an attempt whose worker is gone: `on.worker.loss`. */
export function policyAfterWorkerLoss(request: PolicyRequest): RetryPolicy {
  const policy = retryPolicy(request);
  const wanted = request.valueOf('on.worker.loss')?.trim().toLowerCase();
  if (wanted === 'retry') return { ...policy, retries: Math.max(policy.retries, request.attempt + 1), backoffMs: 0 };
  if (wanted === 'fail') return { ...policy, retries: 0 };
  return policy;
}

/**
 * `retries`, `retry.backoff` with its strategy, limit and jitter, and `job.succeed.on.failure`. A value that cannot be
 * used counts as its default: a job must not be lost over a typing mistake in its retry settings.
 */
export function retryPolicy(request: PolicyRequest): RetryPolicy {
  return {
    retries: read(request, 'retries', { otherwise: 0, parse: wholeNumber, form: 'a whole number' }),
    backoffMs: backoffMs(request),
    succeedOnFailure: request.valueOf('job.succeed.on.failure')?.trim().toLowerCase() === 'true',
  };
}

/**
 * `fixed` (Azkaban's way) waits `retry.backoff` before every retry; `exponential` waits it before the first one, then
 * twice, four times as long, up to `retry.backoff.max`. `retry.backoff.jitter` takes off a random part of at most that
 * share, so that jobs that failed together do not come back together.
 */
function backoffMs(request: PolicyRequest): number {
  const first = read(request, 'retry.backoff', { otherwise: 0, ...DURATION });
  const longest = read<number | undefined>(request, 'retry.backoff.max', { otherwise: undefined, ...DURATION });
  const strategy = read<Strategy>(request, 'retry.backoff.strategy', { otherwise: 'fixed', ...STRATEGY });
  const jitter = read(request, 'retry.backoff.jitter', { otherwise: 0, parse: share, form: 'a number from 0 to 1' });
  const wanted = strategy === 'fixed' ? first : first * 2 ** Math.min(request.attempt, 50);
  const limit = longest ?? (strategy === 'fixed' ? Infinity : Math.max(first, DEFAULT_LONGEST_MS));
  return Math.round(Math.min(wanted, limit) * (1 - jitter * request.random()));
}

interface Reading<Value> {
  readonly otherwise: Value;
  /** Undefined for a text that is none. */
  readonly parse: (text: string) => Exclude<Value, undefined> | undefined;
  /** What would be right, for the message. */
  readonly form: string;
}

/** A blank value counts as absent. */
function read<Value>({ valueOf, onBadValue }: PolicyRequest, key: string, reading: Reading<Value>): Value {
  const text = valueOf(key)?.trim() ?? '';
  if (text === '') return reading.otherwise;
  const value = reading.parse(text);
  if (value !== undefined) return value;
  const used = reading.otherwise === undefined ? 'no limit of its own' : String(reading.otherwise);
  onBadValue?.(`Property "${key}" has the value "${text}"; it must be ${reading.form}. Retries use ${used} instead.`);
  return reading.otherwise;
}

const DURATION = { parse: duration, form: 'a duration, for example 500 (milliseconds), 30s or 5m' };
const STRATEGY = { parse: strategyOf, form: STRATEGIES.join(' or ') };

function wholeNumber(text: string): number | undefined {
  const value = Number(text);
  return /^\+?\d+$/.test(text) && Number.isSafeInteger(value) ? value : undefined;
}

function duration(text: string): number | undefined {
  try {
    return readDuration({ value: text }, 'value');
  } catch {
    return undefined;
  }
}

function share(text: string): number | undefined {
  const value = Number(text);
  return value >= 0 && value <= 1 ? value : undefined;
}

function strategyOf(text: string): Strategy | undefined {
  return STRATEGIES.find((strategy) => strategy === text.toLowerCase());
}
