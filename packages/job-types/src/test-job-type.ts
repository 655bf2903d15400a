import type { Properties } from '@lockstep/domain';
import { propertyOf } from '@lockstep/props';
import type { AttemptContext, AttemptResult, JobType } from './job-type.js';

/** The type `test` of Azkaban's fixtures, and the strings by which a test pulls its jobs. It starts nothing. */
export interface TestJobType {
  readonly jobType: JobType;
  /** Contexts of the attempts that run now, in the order they started. */
  readonly running: () => readonly AttemptContext[];
  /**
   * Ends the running attempt of that job; false when none runs. With several executions of the same flow, say which.
   */
  succeed(nestedId: string, end?: { readonly outputs?: Properties; readonly executionId?: number }): boolean;
  fail(nestedId: string, end?: { readonly executionId?: number }): boolean;
  /** Jobs whose kill is ignored from now on: they run until told. */
  ignoreKill(nestedId: string): void;
  /** Resolves once the job runs. */
  whenRunning(nestedId: string, executionId?: number): Promise<AttemptContext>;
}

interface RunningAttempt {
  readonly context: AttemptContext;
  readonly end: (result: AttemptResult) => void;
}

const DEFAULT_SECONDS = 10;

export function createTestJobType(): TestJobType {
  const running = new Set<RunningAttempt>();
  const ignoring = new Set<string>();
  const waiting = new Set<() => void>();

  const find = (nestedId: string, executionId: number | undefined): RunningAttempt | undefined =>
    [...running].find(
      ({ context }) =>
        context.nestedId === nestedId && (executionId === undefined || context.executionId === executionId),
    );

  const run = (context: AttemptContext): Promise<AttemptResult> =>
    new Promise((resolve) => {
      const { properties, signal, attempt, nestedId } = context;
      const fail = propertyOf(properties, 'fail')?.toLowerCase();
      if (fail === 'true') {
        const passRetry = Number(propertyOf(properties, 'passRetry') ?? 0);
        return resolve(passRetry > 0 && attempt > passRetry ? { result: 'succeeded' } : FAILED);
      }
      const end = (result: AttemptResult): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', kill);
        running.delete(entry);
        resolve(result);
      };
      const kill = (): void => {
        if (!ignoring.has(nestedId)) end({ result: 'failed', reason: 'The job was killed.' });
      };
      const entry: RunningAttempt = { context, end };
      const seconds = Number(propertyOf(properties, 'seconds') ?? DEFAULT_SECONDS);
      const timer =
        fail === undefined ? undefined : setTimeout(() => end({ result: 'succeeded', outputs: {} }), seconds * 1000);
      running.add(entry);
      signal.addEventListener('abort', kill, { once: true });
      if (signal.aborted) kill();
      for (const look of [...waiting]) look();
    });

  const endRunning = (nestedId: string, executionId: number | undefined, result: AttemptResult): boolean => {
    const entry = find(nestedId, executionId);
    entry?.end(result);
    return entry !== undefined;
  };

  return {
    jobType: { name: 'test', run },
    running: () => [...running].map(({ context }) => context),
    succeed: (nestedId, { outputs = {}, executionId } = {}) =>
      endRunning(nestedId, executionId, { result: 'succeeded', outputs }),
    fail: (nestedId, { executionId } = {}) => endRunning(nestedId, executionId, FAILED),
    ignoreKill: (nestedId) => void ignoring.add(nestedId),
    whenRunning: (nestedId, executionId) =>
      new Promise((resolve) => {
        const look = (): void => {
          const entry = find(nestedId, executionId);
          if (entry === undefined) return;
          waiting.delete(look);
          resolve(entry.context);
        };
        waiting.add(look);
        look();
      }),
  };
}

const FAILED: AttemptResult = { result: 'failed', reason: 'The job was told to fail.' };
