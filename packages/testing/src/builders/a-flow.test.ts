import { describe, expect, it } from '@jest/globals';
import { aFlow, aProject } from '../index.js';

describe('the flow builder', () => {
  it('computes edges and levels from the needs', () => {
    const flow = aFlow('f')
      .job('a')
      .job('b', { needs: ['a'] })
      .job('c', { needs: ['a', 'b'] })
      .buildFlow();
    expect(flow.nodes.map(({ id, level, dependsOn }) => [id, level, dependsOn])).toEqual([
      ['a', 0, []],
      ['b', 1, ['a']],
      ['c', 2, ['a', 'b']],
    ]);
    expect(flow.edges).toContainEqual({ source: 'b', target: 'c' });
  });

  it('puts embedded flows beside the flow that embeds them', () => {
    const project = aFlow('f')
      .job('a')
      .embed('sub', aFlow().job('x'), { needs: ['a'] })
      .build();
    expect(Object.keys(project.flows)).toEqual(['f', 'f:sub']);
    expect(project.flows['f:sub']).toMatchObject({ embedded: true, nodes: [{ id: 'x', jobKey: 'f:sub:x' }] });
    expect(project.flows['f']?.nodes[1]).toMatchObject({ id: 'sub', type: 'flow', embeddedFlowId: 'f:sub' });
    expect(Object.keys(project.jobs)).toEqual(['f:a', 'f:sub', 'f:sub:x']);
  });

  it('puts several flows into one project', () => {
    expect(Object.keys(aProject(aFlow('a').job('x'), aFlow('b').job('x')).jobs)).toEqual(['a:x', 'b:x']);
  });

  it('refuses needs that go round in a circle', () => {
    expect(() =>
      aFlow()
        .job('a', { needs: ['b'] })
        .job('b', { needs: ['a'] })
        .build(),
    ).toThrow('a → b → a');
  });
});
