import { describe, expect, it } from '@jest/globals';
import type { AttemptContext, JobType } from './job-type.js';
import { createJobTypes, wrappingUpLine } from './job-types.js';

function contextWith(log: string[]): AttemptContext {
  return {
    executionId: 1,
    projectName: 'p',
    flowId: 'f',
    jobId: 'load',
    nestedId: 'load',
    attempt: 0,
    properties: {},
    workingDirectory: '/nowhere',
    outputFile: '/nowhere/output',
    log: (level, text) => log.push(`${level} ${text}`),
    signal: new AbortController().signal,
    baseEnvironment: {},
    clock: { now: () => 5 },
  };
}

describe('running an attempt', () => {
  it('finishes a noop at once, with its first line', async () => {
    const log: string[] = [];
    const types = await createJobTypes();
    expect(types.find('noop')?.instant).toBe(true);
    expect(await types.runAttempt('noop', contextWith(log))).toEqual({ result: 'succeeded' });
    expect(log).toEqual(['INFO Starting noop job load at 5.']);
  });

  it('fails a job of an unknown type and says how to add it', async () => {
    const log: string[] = [];
    const types = await createJobTypes();
    const result = await types.runAttempt('mystery', contextWith(log));
    expect(result.result).toBe('failed');
    expect(log.at(-1)).toMatch(
      /^ERROR Failed to build job executor for job load: Job type "mystery" is not known\. Known types: /,
    );
    expect(log.at(-1)).toContain('put a folder "mystery" with a private.properties into');
  });

  it.each([undefined, ''])('fails a job whose type is %p', async (type) => {
    const log: string[] = [];
    await (await createJobTypes()).runAttempt(type, contextWith(log));
    expect(log.at(-1)).toBe(
      "ERROR Failed to build job executor for job load: The 'type' parameter for job[load] is missing or null or empty",
    );
  });

  it('turns a defect of a type into a failed attempt', async () => {
    const broken: JobType = { name: 'broken', run: () => Promise.reject(new Error('oh dear')) };
    const types = await createJobTypes({ types: [broken] });
    expect(await types.runAttempt('broken', contextWith([]))).toEqual({
      result: 'failed',
      reason: 'The job of type "broken" could not be run: oh dear',
    });
  });

  it('lets a type that is handed in replace a built-in one', async () => {
    const mine: JobType = { name: 'noop', run: () => Promise.resolve({ result: 'failed', reason: 'mine' }) };
    const types = await createJobTypes({ types: [mine] });
    expect(types.find('noop')).toBe(mine);
  });

  it('words the last line of a log as Azkaban does', () => {
    expect(wrappingUpLine({ type: 'command', jobId: 'load', at: 7, status: 'KILLED' })).toBe(
      'Wrapping up command job load, finished at 7 with status KILLED.',
    );
  });
});
