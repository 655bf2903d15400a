import { describe, expect, it } from '@jest/globals';
import type { Properties } from '@lockstep/domain';
import type { AttemptContext } from './job-type.js';
import { createTestJobType } from './test-job-type.js';

function contextOf(properties: Properties, more: Partial<AttemptContext> = {}): AttemptContext {
  return {
    nestedId: 'a:b',
    executionId: 1,
    attempt: 0,
    properties,
    signal: new AbortController().signal,
    ...more,
  } as AttemptContext;
}

describe('the job type test', () => {
  it('runs until it is told to succeed or fail', async () => {
    const test = createTestJobType();
    const first = test.jobType.run(contextOf({ seconds: '0' }));
    await test.whenRunning('a:b');
    expect(test.succeed('a:b', { outputs: { x: '1' } })).toBe(true);
    expect(await first).toEqual({ result: 'succeeded', outputs: { x: '1' } });
    expect(test.succeed('a:b')).toBe(false);

    const second = test.jobType.run(contextOf({}, { executionId: 2 }));
    expect(test.fail('a:b', { executionId: 1 })).toBe(false);
    expect(test.fail('a:b', { executionId: 2 })).toBe(true);
    expect((await second).result).toBe('failed');
    expect(test.running()).toEqual([]);
  });

  it('succeeds by itself with fail=false', async () => {
    expect((await createTestJobType().jobType.run(contextOf({ fail: 'false', seconds: '0' }))).result).toBe(
      'succeeded',
    );
  });

  it.each([
    [{ fail: 'true' }, 5, 'failed'],
    [{ fail: 'true', passRetry: '2' }, 2, 'failed'],
    [{ fail: 'true', passRetry: '2' }, 3, 'succeeded'],
  ])('with %p ends attempt %p at once: %s', async (properties, attempt, result) => {
    expect((await createTestJobType().jobType.run(contextOf(properties, { attempt }))).result).toBe(result);
  });

  it('fails when it is killed, unless told to ignore it', async () => {
    const test = createTestJobType();
    expect((await test.jobType.run(contextOf({}, { signal: AbortSignal.abort() }))).result).toBe('failed');
    test.ignoreKill('a:b');
    const stubborn = test.jobType.run(contextOf({}, { signal: AbortSignal.abort() }));
    expect(test.succeed('a:b')).toBe(true);
    expect((await stubborn).result).toBe('succeeded');
  });
});
