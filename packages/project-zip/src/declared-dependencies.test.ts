import { describe, expect, it } from '@jest/globals';
import type { FlowDefinition, ProjectDefinition, Properties } from '@lockstep/domain';
import { declaredDependencies } from './declared-dependencies.js';

function aFlow(id: string, properties: Properties = {}, embedded = false): FlowDefinition {
  return {
    id,
    embedded,
    nodes: [],
    edges: [],
    properties,
    failureEmails: [],
    successEmails: [],
    overrideEmails: [],
  };
}

function flow2(...flows: readonly FlowDefinition[]): ProjectDefinition {
  return {
    format: 'flow2',
    flows: Object.fromEntries(flows.map((flow) => [flow.id, flow])),
    jobs: {},
    propertyFiles: {},
  };
}

const after = (project: string, flow: string, dataDriven = true) => ({
  flowId: 'report',
  upstream: { project, flow },
  dataDriven,
});

describe('the flows a project says its flows come after', () => {
  it.each<[Properties, readonly unknown[]]>([
    [{}, []],
    [{ 'trigger.after': '' }, []],
    [{ 'trigger.after': 'sales/load' }, [after('sales', 'load')]],
    [{ 'trigger.after': ' sales/load , hr/load,sales/load,' }, [after('sales', 'load'), after('hr', 'load')]],
    [{ 'trigger.after': 'sales/a/b' }, [after('sales', 'a/b')]],
    [{ 'trigger.after': 'sales/load', 'trigger.dataDriven': 'FALSE' }, [after('sales', 'load', false)]],
    [{ 'trigger.dataDriven': 'true' }, []],
  ])('come from the root config of Flow 2.0: %j', (properties, expected) => {
    const { dependencies, warnings } = declaredDependencies(flow2(aFlow('report', properties)));
    expect(dependencies).toEqual(expected);
    expect(warnings).toEqual([]);
  });

  it('are those of flows that can be started', () => {
    const inner = aFlow('report:inner', { 'trigger.after': 'sales/load' }, true);
    expect(declaredDependencies(flow2(aFlow('report'), inner)).dependencies).toEqual([]);
  });

  it('come from the last job of a Flow 1.0 flow, or from what it inherits, the nearest first', () => {
    const definition = (job: Properties): ProjectDefinition => ({
      format: 'flow1',
      flows: { report: aFlow('report') },
      jobs: { report: { properties: job, source: 'sub/report.job', propertyFile: 'sub/x.properties' } },
      propertyFiles: {
        'sub/x.properties': { properties: { 'trigger.dataDriven': 'false' }, inherits: 'x.properties' },
        'x.properties': { properties: { 'trigger.after': 'sales/load', 'trigger.dataDriven': 'true' } },
      },
    });
    expect(declaredDependencies(definition({})).dependencies).toEqual([after('sales', 'load', false)]);
    expect(declaredDependencies(definition({ 'trigger.after': 'hr/load' })).dependencies).toEqual([
      after('hr', 'load', false),
    ]);
  });

  it('leave out what is no flow and say so', () => {
    const properties = { 'trigger.after': 'load,/x,y/,sales/load', 'trigger.dataDriven': 'maybe' };
    const { dependencies, warnings } = declaredDependencies(flow2(aFlow('report', properties)));
    expect(dependencies).toEqual([after('sales', 'load')]);
    expect(warnings).toEqual([
      'Flow "report": trigger.dataDriven is "maybe"; write true or false. It counts as true.',
      ...['load', '/x', 'y/'].map(
        (item) => `Flow "report": trigger.after names "${item}"; write <project>/<flow>. It is ignored.`,
      ),
    ]);
  });
});
