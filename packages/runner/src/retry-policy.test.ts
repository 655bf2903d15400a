import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { policyAfterWorkerLoss, retryPolicy } from './retry-policy.js';

type Values = Readonly<Record<string, string>>;

function policyOf(values: Values, { attempt = 0, random = 0 }: { attempt?: number; random?: number } = {}) {
  const problems: string[] = [];
  const request = { valueOf: (key: string) => values[key], attempt, random: () => random };
  const policy = retryPolicy({ ...request, onBadValue: (problem) => problems.push(problem) });
  return { ...policy, problems, afterLoss: policyAfterWorkerLoss(request) };
}

describe('the retry policy of a job', () => {
  it('is no retry, no wait and failure as failure without properties', () => {
    expect(policyOf({})).toMatchObject({ retries: 0, backoffMs: 0, succeedOnFailure: false, problems: [] });
  });

  it.each<[Values, number]>([
    [{ 'retry.backoff': '5000' }, 5_000],
    [{ 'retry.backoff': '30s' }, 30_000],
    [{ 'retry.backoff': ' 5m ' }, 300_000],
    [{ 'retry.backoff': '500ms' }, 500],
    [{ 'retry.backoff': '' }, 0],
    [{ 'retry.backoff': '30s', 'retry.backoff.max': '10s' }, 10_000],
    [{ 'retry.backoff': '2d' }, 172_800_000],
  ])('waits equally long before every retry by default: %j', (values, backoffMs) => {
    for (const attempt of [0, 1, 7]) expect(policyOf(values, { attempt })).toMatchObject({ backoffMs, problems: [] });
  });

  it.each([
    [0, 1_000],
    [1, 2_000],
    [2, 4_000],
    [5, 32_000],
    [6, 60_000],
    [5_000, 60_000],
  ])('waits twice as long each time with strategy exponential, up to the limit: attempt %d', (attempt, backoffMs) => {
    const values = {
      'retry.backoff': '1s',
      'retry.backoff.strategy': 'Exponential',
      'retry.backoff.max': '1m',
    };
    expect(policyOf(values, { attempt })).toMatchObject({ backoffMs, problems: [] });
  });

  it.each([
    ['1s', 3_600_000],
    ['2h', 7_200_000],
  ])('grows from %s to an hour when no limit is given, never below what was asked for', (first, backoffMs) => {
    const values = { 'retry.backoff': first, 'retry.backoff.strategy': 'exponential' };
    expect(policyOf(values, { attempt: 40 }).backoffMs).toBe(backoffMs);
  });

  it.each([
    ['0.5', 0, 10_000],
    ['0.5', 0.5, 7_500],
    ['1', 0.999, 10],
    ['0', 0.9, 10_000],
  ])('takes off a random part with jitter %s: %d gives %d ms', (jitter, random, backoffMs) => {
    expect(policyOf({ 'retry.backoff': '10s', 'retry.backoff.jitter': jitter }, { random }).backoffMs).toBe(backoffMs);
  });

  it.each<[string, string, RegExp]>([
    ['retries', 'three', /"retries" has the value "three"; it must be a whole number\. Retries use 0 instead/],
    ['retries', '-1', /must be a whole number/],
    ['retry.backoff', 'soon', /must be a duration/],
    ['retry.backoff', '-5', /must be a duration/],
    ['retry.backoff.strategy', 'linear', /must be fixed or exponential\. Retries use fixed instead/],
    ['retry.backoff.max', 'x', /Retries use no limit of its own instead/],
    ['retry.backoff.jitter', '2', /must be a number from 0 to 1/],
    ['retry.backoff.jitter', 'much', /must be a number from 0 to 1/],
  ])('says what is wrong with %s=%s and uses the default', (key, value, problem) => {
    const good = policyOf({ 'retry.backoff': '1s' });
    const bad = policyOf({ 'retry.backoff': '1s', [key]: value });
    expect(bad.problems).toEqual([expect.stringMatching(problem)]);
    expect(bad.backoffMs).toBe(key === 'retry.backoff' ? 0 : good.backoffMs);
    expect(bad.retries).toBe(0);
  });

  it('never waits longer than the limit, nor less than nothing, whatever the numbers', () => {
    const whole = fc.integer({ min: 0, max: 10_000_000 });
    fc.assert(
      fc.property(
        whole,
        whole,
        fc.nat(10_000),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (first, max, attempt, random) => {
          const values = {
            'retry.backoff': String(first),
            'retry.backoff.max': String(max),
            'retry.backoff.strategy': 'exponential',
            'retry.backoff.jitter': '1',
          };
          const { backoffMs } = policyOf(values, { attempt, random });
          expect(backoffMs).toBeGreaterThanOrEqual(0);
          expect(backoffMs).toBeLessThanOrEqual(max);
          expect(Number.isSafeInteger(backoffMs)).toBe(true);
        },
      ),
    );
  });

  it('follows on.worker.loss when the worker is gone', () => {
    expect(policyOf({ retries: '0', 'on.worker.loss': 'retry' }, { attempt: 2 }).afterLoss.retries).toBe(3);
    expect(policyOf({ retries: '5', 'on.worker.loss': 'fail' }).afterLoss.retries).toBe(0);
    expect(policyOf({ retries: '5' }).afterLoss.retries).toBe(5);
  });
});
