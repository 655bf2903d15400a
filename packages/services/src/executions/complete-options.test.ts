import { describe, expect, it } from '@jest/globals';
import type { ExecutionOptions, FailureAction } from '@lockstep/domain';
import { aDefinition, aFlow } from '../fakes/a-definition.js';
import { someOptions } from '../fakes/a-service-world.js';
import { completeOptions } from './complete-options.js';

describe('completed options', () => {
  it.each<[string, { asked?: FailureAction; overridden?: boolean; written?: FailureAction }, FailureAction]>([
    ['of nobody: the default', {}, 'FINISH_CURRENTLY_RUNNING'],
    ['of the request alone', { asked: 'CANCEL_ALL' }, 'CANCEL_ALL'],
    [
      'of the flow file, which beats the request',
      { asked: 'CANCEL_ALL', written: 'FINISH_ALL_POSSIBLE' },
      'FINISH_ALL_POSSIBLE',
    ],
    [
      'of a request that overrides',
      { asked: 'CANCEL_ALL', overridden: true, written: 'FINISH_ALL_POSSIBLE' },
      'CANCEL_ALL',
    ],
  ])('take the failure action %s', (_whose, { asked, overridden, written }, expected) => {
    const options = complete(
      { ...(asked && { failureAction: asked }), ...(overridden && { failureActionOverridden: overridden }) },
      written === undefined ? {} : { failureAction: written },
    );
    expect(options.failureAction).toBe(expected);
  });

  it('take the addresses of the flow unless the request overrides them', () => {
    const flow = { failureEmails: ['flow@f'], successEmails: ['flow@s'] };
    const request = { failureEmails: ['me@f'], successEmails: ['me@s'] };
    expect(complete(request, flow)).toMatchObject({ failureEmails: ['flow@f'], successEmails: ['flow@s'] });
    expect(complete({ ...request, failureEmailsOverridden: true }, flow)).toMatchObject({
      failureEmails: ['me@f'],
      successEmails: ['flow@s'],
    });
    expect(complete({ successEmailsOverridden: true, successEmails: [] }, flow).successEmails).toEqual([]);
  });

  it('replace the mail layout asked for by that of the flow', () => {
    expect(complete({ mailCreator: 'fancy' }).mailCreator).toBe('default');
  });

  it('put flow parameters of a Flow 1.0 project below those of the request', () => {
    const definition = aDefinition([aFlow('f')], {
      propertyFiles: {
        'param_override.properties': { properties: { day: 'monday', zone: 'utc' } },
        'sub/param_override.properties': { properties: { ignored: 'yes' } },
      },
    });
    const flow = definition.flows['f']!;
    const options = completeOptions(someOptions({ flowParameters: { day: 'today' } }), { definition, flow });
    expect(options.flowParameters).toEqual({ day: 'today', zone: 'utc' });
  });

  it('put flow parameters of a Flow 2.0 file below those of the request', () => {
    const properties = { 'param.override.day': 'monday', 'param.override.zone': 'utc', other: 'x' };
    const definition = aDefinition([aFlow('f', { properties })], { format: 'flow2' });
    const flow = definition.flows['f']!;
    const options = completeOptions(someOptions({ flowParameters: { day: 'today' } }), { definition, flow });
    expect(options.flowParameters).toEqual({ day: 'today', zone: 'utc' });
  });
});

function complete(options: Partial<ExecutionOptions>, parts: Parameters<typeof aFlow>[1] = {}): ExecutionOptions {
  const definition = aDefinition([aFlow('f', parts)]);
  return completeOptions(someOptions(options), { definition, flow: definition.flows['f']! });
}
