import { describe, expect, it } from '@jest/globals';
import type { DisabledJob, ExecutionPlan } from '@lockstep/domain';
import { planExecution } from '@lockstep/engine';
import fc from 'fast-check';
import { aDefinition, aFlow } from '../fakes/a-definition.js';
import { someOptions } from '../fakes/a-service-world.js';
import { onlyJobs } from './only-jobs.js';

/** a → b → c, and a → sub(x → y, z) → d; before everything: nothing. */
const DEFINITION = aDefinition([
  aFlow('main')
    .job('a')
    .job('b', { needs: ['a'] })
    .job('c', { needs: ['b'] })
    .job('sub', { needs: ['a'], embeds: 'inner' })
    .job('d', { needs: ['sub'] }),
  aFlow('inner', { embedded: true })
    .job('x')
    .job('y', { needs: ['x'] })
    .job('z'),
]);

const planOf = (disabledJobs: readonly DisabledJob[] = []): ExecutionPlan =>
  planExecution({ definition: DEFINITION, flowId: 'main', options: someOptions({ disabledJobs }) });

/** Nested ids of the jobs that would run: enabled, and in flows that are. */
function enabledJobs(plan: ExecutionPlan): readonly string[] {
  const isEnabled = (index: number): boolean => {
    const node = plan.nodes[index];
    return node === undefined || (!node.disabled && (node.parent === undefined || isEnabled(node.parent)));
  };
  return plan.nodes
    .filter(({ index, kind }) => kind === 'job' && isEnabled(index))
    .map(({ nestedId }) => nestedId)
    .sort();
}

describe('running some jobs of a flow only', () => {
  it.each<[readonly string[], boolean, readonly string[]]>([
    [['b'], false, ['b']],
    [['b', 'd'], false, ['b', 'd']],
    [['b'], true, ['a', 'b']],
    [['c'], true, ['a', 'b', 'c']],
    [['sub:y'], false, ['sub:y']],
    [['sub:y'], true, ['a', 'sub:x', 'sub:y']],
    [['sub'], false, ['sub:x', 'sub:y', 'sub:z']],
    [['d'], true, ['a', 'd', 'sub:x', 'sub:y', 'sub:z']],
  ])('runs %j (with what comes before: %s) and nothing else', (nestedIds, withAncestors, expected) => {
    const disabledJobs = onlyJobs(planOf(), { nestedIds, withAncestors });
    expect(enabledJobs(planOf(disabledJobs))).toEqual(expected);
  });

  it('names a flow as a whole when nothing of it runs', () => {
    expect(onlyJobs(planOf(), { nestedIds: ['b'] })).toEqual([{ id: 'a' }, { id: 'c' }, { id: 'sub' }, { id: 'd' }]);
    expect(onlyJobs(planOf(), { nestedIds: ['sub:x'] })).toContainEqual({
      id: 'sub',
      children: [{ id: 'y' }, { id: 'z' }],
    });
  });

  it('leaves disabled what is', () => {
    const disabledJobs = onlyJobs(planOf([{ id: 'a' }]), { nestedIds: ['c'], withAncestors: true });
    expect(enabledJobs(planOf(disabledJobs))).toEqual(['b', 'c']);
  });

  it.each(['', 'nope', 'sub:nope', 'inner:x'])('refuses %j, which is no node of the flow', (nestedId) => {
    expect(() => onlyJobs(planOf(), { nestedIds: [nestedId] })).toThrow(
      expect.objectContaining({ code: 'job.not-found', details: { flow: 'main', job: nestedId } }),
    );
  });

  it('runs exactly the named jobs, whatever their number', () => {
    const jobs = ['a', 'b', 'c', 'd', 'sub:x', 'sub:y', 'sub:z'];
    fc.assert(
      fc.property(fc.subarray(jobs, { minLength: 1 }), (nestedIds) => {
        expect(enabledJobs(planOf(onlyJobs(planOf(), { nestedIds })))).toEqual(nestedIds.toSorted());
      }),
    );
  });
});
