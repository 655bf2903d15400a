import { describe, expect, it } from '@jest/globals';
import { DEFAULT_EXECUTION_OPTIONS, type DisabledJob, type ExecutionOptions } from '@lockstep/domain';
import { parseFormEncoding } from '../../kit/form-encoding.js';
import { Parameters } from '../../kit/parameters.js';
import { parseDisabledJobs, parseExecutionOptions } from './parse-execution-options.js';

const parse = (query: string): ExecutionOptions => parseExecutionOptions(new Parameters(parseFormEncoding(query)));

describe('parseExecutionOptions', () => {
  it('has the defaults when a request says nothing', () => {
    expect(parse('project=p&flow=f')).toEqual(DEFAULT_EXECUTION_OPTIONS);
  });

  it.each<[string, Partial<ExecutionOptions>]>([
    ['failureAction=cancelImmediately', { failureAction: 'CANCEL_ALL' }],
    ['failureAction=finishPossible', { failureAction: 'FINISH_ALL_POSSIBLE' }],
    ['failureAction=whatever', { failureAction: 'FINISH_CURRENTLY_RUNNING' }],
    ['failureActionOverride=True', { failureActionOverridden: true }],
    ['notifyFailureFirst=False&notifyFailureLast=TRUE', { notifyOnFirstFailure: false, notifyOnLastFailure: true }],
    ['notifyFailureFirst=', { notifyOnFirstFailure: false }],
    ['failureEmails=a@x,b@x;c@x d@x,%20e@x', { failureEmails: ['a@x', 'b@x', 'c@x', 'd@x', 'e@x'] }],
    ['successEmails=&successEmailsOverride=true', { successEmails: [], successEmailsOverridden: true }],
    ['concurrentOption=ignore', { concurrentOption: 'ignore' }],
    ['concurrentOption=concurrent', { concurrentOption: 'ignore' }],
    ['concurrentOption=pipeline&pipelineLevel=2', { concurrentOption: 'pipeline', pipelineLevel: 2 }],
    ['concurrentOption=queue', { concurrentOption: 'queue', queueLevel: 1 }],
    ['flowOverride[failure.email]=t@x', { flowParameters: { 'failure.email': 't@x' } }],
    ['flowOverride[a[0]]=1', { flowParameters: { 'a[0]': '1' } }],
    ['runtimeProperty[ROOT][a.b]=1', { flowParameters: { 'a.b': '1' } }],
    ['runtimeProperty[sub:job][k]=v', { runtimeProperties: { 'sub:job': { k: 'v' } } }],
    ['disabled=[]', { disabledJobs: [] }],
    ['disabled=["a", "b"]', { disabledJobs: [{ id: 'a' }, { id: 'b' }] }],
  ])('reads %s', (query, expected) => {
    expect(parse(query)).toMatchObject(expected);
  });

  it.each([
    ['concurrentOption=pipeline', "Missing required parameter 'pipelineLevel'."],
    ['concurrentOption=pipeline&pipelineLevel=x', 'For input string: "x"'],
    [
      'flowOverride[a]=1&runtimeProperty[ROOT][b]=2',
      'The legacy param group flowOverride is not allowed in combination with the runtimeProperty param group. Migrate flowOverride to runtimeProperty[ROOT].',
    ],
    ['runtimeProperty[a]=1', 'Param group runtimeProperty is invalid.'],
    ['flowOverride[a=1', 'Param group flowOverride is invalid.'],
  ])('refuses %s', (query, reason) => {
    expect(() => parse(query)).toThrow(expect.objectContaining({ code: 'execution.bad-options', message: reason }));
  });

  it('takes names that mean something to JavaScript as plain keys', () => {
    const { flowParameters, runtimeProperties } = parse('runtimeProperty[__proto__][__proto__]=x');
    expect(flowParameters).toEqual({});
    expect(Object.keys(runtimeProperties)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});

describe('parseDisabledJobs', () => {
  it.each<[string, readonly DisabledJob[]]>([
    ['', []],
    [' ', []],
    ['["a"]', [{ id: 'a' }]],
    [
      '[{"id":"sub","children":["x",{"id":"y","children":[]}]}]',
      [{ id: 'sub', children: [{ id: 'x' }, { id: 'y', children: [] }] }],
    ],
    ['[{"name":"a","children":null,"embeddedFlow":false}]', [{ id: 'a' }]],
    [
      '[{"name":"sub","children":[{"name":"x","children":null,"embeddedFlow":false}],"embeddedFlow":true}]',
      [{ id: 'sub', children: [{ id: 'x' }] }],
    ],
  ])('reads %s', (text, expected) => {
    expect(parseDisabledJobs(text)).toEqual(expected);
  });

  it.each([
    '[',
    '{}',
    '"a"',
    '[1]',
    '[{"x":1}]',
    '[null]',
    `${'[{"id":"a","children":'.repeat(5000)}[]${'}]'.repeat(5000)}`,
  ])('refuses what is no list of jobs', (text) => {
    expect(() => parseDisabledJobs(text)).toThrow(/'disabled'/);
  });
});
