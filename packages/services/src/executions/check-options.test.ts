import { describe, expect, it } from '@jest/globals';
import type { ExecutionOptions, Properties } from '@lockstep/domain';
import { someOptions } from '../fakes/a-service-world.js';
import { checkOptions } from './check-options.js';

describe('options of a submission', () => {
  it.each<[string, Properties, string]>([
    ['a priority that is no number', { flowPriority: 'high' }, 'flowPriority should be an integer'],
    ['an empty priority', { flowPriority: '' }, 'flowPriority should be an integer'],
    ['an executor that is no number', { useExecutor: '-1' }, 'useExecutor should be an integer'],
    ['debugging that is no boolean', { 'java.enable.debug': 'yes' }, 'java.enable.debug should be boolean'],
  ])('of an administrator are refused with %s', (_what, flowParameters, reason) => {
    expect(reasonOf({ flowParameters }, { isAdmin: true })).toBe(reason);
    expect(reasonOf({ flowParameters }, { isAdmin: false })).toBeUndefined();
  });

  it.each<[string, Properties, string]>([
    [
      'too many retries',
      { 'flow.max.retries': '3' },
      'Invalid `flow.max.retries = 3`, value should be within [0, 2]\n',
    ],
    [
      'retries below 0',
      { 'flow.max.retries': '-1' },
      'Invalid `flow.max.retries = -1`, value should be within [0, 2]\n',
    ],
    [
      'retries that are no number',
      { 'flow.max.retries': 'x' },
      'Invalid `flow.max.retries = x`, value should be within [0, 2]\n',
    ],
    [
      'a status that does not restart',
      { 'flow.retry.statuses': 'FAILED, KILLED' },
      '`KILLED` is not a valid restartable status, permitted status are [EXECUTION_STOPPED, FAILED]',
    ],
    [
      'a status that does not exist',
      { 'flow.retry.statuses': 'failed' },
      '`failed` is not a valid Status defined in Azkaban, please correct',
    ],
    [
      'an unknown strategy',
      { 'flow.retry.strategy': 'again' },
      'Invalid flow.retry.strategy = again. Valid values are: [retryAsNew, disableSucceededNodes]',
    ],
    [
      'several mistakes',
      { 'flow.max.retries': '9', 'flow.retry.statuses': 'X', 'flow.retry.strategy': 'Y' },
      'Invalid `flow.max.retries = 9`, value should be within [0, 2]\n, ' +
        '`X` is not a valid Status defined in Azkaban, please correct, ' +
        'Invalid flow.retry.strategy = Y. Valid values are: [retryAsNew, disableSucceededNodes]',
    ],
  ])('of anybody are refused with %s', (_what, flowParameters, reasons) => {
    const expected = `ExecutionOptions is invalid, error reasons: [${reasons}]`;
    expect(reasonOf({ flowParameters }, { isAdmin: false })).toBe(expected);
    expect(reasonOf({ flowParameters }, { isAdmin: true })).toBe(expected);
  });

  it.each<[string, Properties]>([
    ['no retries', { 'flow.max.retries': '0' }],
    ['as many retries as allowed', { 'flow.max.retries': '2' }],
    ['both statuses', { 'flow.retry.statuses': 'FAILED,EXECUTION_STOPPED' }],
    ['one strategy', { 'flow.retry.strategy': 'retryAsNew' }],
    ['the other strategy', { 'flow.retry.strategy': 'disableSucceededNodes' }],
    ['a number of job threads', { 'flow.num.job.threads': '3' }],
    ['anything else', { day: 'today', '': 'empty' }],
  ])('of anybody may have %s', (_what, flowParameters) => {
    expect(check({ flowParameters }, { isAdmin: false }).flowParameters).toEqual(flowParameters);
  });

  it('lose without a word what only administrators may set, for the flow and for single nodes', () => {
    const given = {
      flowPriority: 'x',
      useExecutor: '1',
      'java.enable.debug': 'true',
      'enable.dev.pod': 'true',
      'disable.pod.cleanup': 'true',
      'allow.image.test.version': 'true',
      'azkaban.flow.flowid': 'other',
      'azkaban.job.id': 'other',
      'azkaban.name': 'kept',
      day: 'today',
    };
    const kept = { 'azkaban.name': 'kept', day: 'today' };
    const options = check({ flowParameters: given, runtimeProperties: { a: given, 'sub:b': {} } }, { isAdmin: false });
    expect(options.flowParameters).toEqual(kept);
    expect(options.runtimeProperties).toEqual({ a: kept, 'sub:b': {} });
  });

  it('keep all of it for an administrator', () => {
    const given = { flowPriority: '7', useExecutor: '1', 'enable.dev.pod': 'TRUE', 'azkaban.flow.flowid': 'other' };
    const options = check({ flowParameters: given, runtimeProperties: { a: given } }, { isAdmin: true });
    expect(options.flowParameters).toEqual(given);
    expect(options.runtimeProperties).toEqual({ a: given });
  });

  it.each<[string, Properties, Properties]>([
    ['alone', { 'allow.restart.on.execution.stopped': 'true' }, { 'flow.retry.statuses': 'EXECUTION_STOPPED' }],
    [
      'beside a status',
      { 'allow.restart.on.execution.stopped': 'True', 'flow.retry.statuses': 'FAILED' },
      { 'flow.retry.statuses': 'FAILED,EXECUTION_STOPPED' },
    ],
    [
      'beside the same status',
      { 'allow.restart.on.execution.stopped': 'true', 'flow.retry.statuses': 'EXECUTION_STOPPED' },
      { 'flow.retry.statuses': 'EXECUTION_STOPPED' },
    ],
    [
      'set to false',
      { 'allow.restart.on.execution.stopped': 'false' },
      { 'allow.restart.on.execution.stopped': 'false' },
    ],
  ])('may ask for a restart in the older spelling, %s', (_what, given, expected) => {
    expect(check({ flowParameters: given }, { isAdmin: false }).flowParameters).toEqual(expected);
  });

  it.each([undefined, 0, 4, 1.5])('need a pipeline level of 1 to 3 with pipeline, not %s', (pipelineLevel) => {
    const options = { concurrentOption: 'pipeline' as const, ...(pipelineLevel !== undefined && { pipelineLevel }) };
    expect(reasonOf(options, { isAdmin: true })).toContain('pipelineLevel should be 1, 2 or 3');
    expect(reasonOf({ ...options, concurrentOption: 'ignore' }, { isAdmin: true })).toBeUndefined();
  });
});

function check(parts: Partial<ExecutionOptions>, { isAdmin }: { isAdmin: boolean }): ExecutionOptions {
  return checkOptions(someOptions(parts), { isAdmin, retryLimit: 2 });
}

function reasonOf(parts: Partial<ExecutionOptions>, who: { isAdmin: boolean }): string | undefined {
  try {
    check(parts, who);
    return undefined;
  } catch (error) {
    expect(error).toMatchObject({ code: 'execution.bad-options' });
    return (error as Error).message;
  }
}
