import {
  DEFAULT_EXECUTION_OPTIONS,
  type ExecutionOptions,
  FAILURE_ACTIONS,
  type FailureAction,
  type ProjectDefinition,
  type RetryPolicy,
} from '@lockstep/domain';
import fc from 'fast-check';
import { disabledForm, nameProject, nestedIdsOf, ROOT_FLOW } from './name-project.js';
import { flowShape, type ShapeLimits } from './project-shape.js';

/** One random case: a flow, how it is submitted, and what then happens. */
export interface Scenario {
  readonly definition: ProjectDefinition;
  readonly flowId: string;
  readonly options: ExecutionOptions;
  readonly jobThreads: number;
  /** The execution's own timer; it fires when a move picks it, or never. */
  readonly timeoutMs?: number;
  readonly policies: ReadonlyMap<string, RetryPolicy>;
  readonly moves: readonly Move[];
  /** Which event the start is, usually the first. */
  readonly startAt: number;
  /** After how many events the worker dies in the second run. */
  readonly crashAt: number;
}

/** What happens next, said without knowing the state: `pick` counts among what is possible then. */
export type Move =
  | { readonly move: 'end'; readonly pick: number; readonly result: Result; readonly output: string | undefined }
  | { readonly move: 'fire' | 'duplicate'; readonly pick: number }
  | { readonly move: 'stale'; readonly pick: number; readonly result: Result; readonly behind: number }
  | { readonly move: 'lose' | 'upstream'; readonly picks: readonly number[] }
  | { readonly move: 'pause' | 'resume' | 'cancel' | 'retry-failed' };

export type Result = 'succeeded' | 'failed' | 'killed-by-sla';

/** How often each kind of move is drawn, and how large the flows are. */
export interface Profile extends ShapeLimits {
  readonly weights: Partial<Record<Move['move'], number>>;
  readonly results: readonly Result[];
  readonly pipelined?: boolean;
}

export function scenarios(profile: Profile): fc.Arbitrary<Scenario> {
  return fc
    .record({
      shape: flowShape(profile),
      disabled: fc.array(fc.nat(40), { maxLength: 3, size: 'max' }),
      failureAction: fc.constantFrom(...FAILURE_ACTIONS),
      jobThreads: fc.constantFrom(10, 3, 2, 1),
      timeoutMs: fc.constantFrom(undefined, undefined, undefined, undefined, 60_000),
      pipelineLevel: profile.pipelined === true ? fc.constantFrom(1, 2, 3) : fc.constant(undefined),
      moves: fc.array(moveOf(profile), { maxLength: 30, size: 'max' }),
      startAt: fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 2),
      crashAt: fc.nat(25),
    })
    .map(({ shape, disabled, failureAction, pipelineLevel, timeoutMs, ...rest }) => {
      const { definition, policies } = nameProject(shape);
      const nestedIds = nestedIdsOf(definition, ROOT_FLOW);
      // Names nobody knows have to be ignored.
      const disabledIds = disabled.map(
        (pick) => (pick > 35 ? undefined : nestedIds[pick % nestedIds.length]) ?? 'unknown',
      );
      const options = optionsOf({ failureAction, disabledIds, pipelineLevel });
      return {
        definition,
        flowId: ROOT_FLOW,
        options,
        policies,
        ...rest,
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
      };
    })
    .map((scenario) => ({ ...scenario, [fc.toStringMethod]: () => describeScenario(scenario) }));
}

function optionsOf({
  failureAction,
  disabledIds,
  pipelineLevel,
}: {
  failureAction: FailureAction;
  disabledIds: readonly string[];
  pipelineLevel: number | undefined;
}): ExecutionOptions {
  return {
    ...DEFAULT_EXECUTION_OPTIONS,
    failureAction,
    disabledJobs: disabledForm(disabledIds),
    ...(pipelineLevel === undefined ? {} : { concurrentOption: 'pipeline', pipelineLevel, pipelineExecutionId: 1 }),
  };
}

function moveOf({ weights, results }: Profile): fc.Arbitrary<Move> {
  const pick = fc.nat(11);
  const result = fc.constantFrom(...results);
  const output = fc.constantFrom(undefined, 'v1', '10', '8', 'v2');
  const arbitraries: Record<Move['move'], fc.Arbitrary<Move>> = {
    end: fc.record({ move: fc.constant('end' as const), pick, result, output }),
    fire: fc.record({ move: fc.constant('fire' as const), pick }),
    duplicate: fc.record({ move: fc.constant('duplicate' as const), pick }),
    stale: fc.record({ move: fc.constant('stale' as const), pick, result, behind: fc.nat(1) }),
    lose: fc.record({ move: fc.constant('lose' as const), picks: fc.array(pick, { maxLength: 3 }) }),
    upstream: fc.record({ move: fc.constant('upstream' as const), picks: fc.array(fc.nat(40), { maxLength: 4 }) }),
    pause: fc.constant({ move: 'pause' }),
    resume: fc.constant({ move: 'resume' }),
    cancel: fc.constant({ move: 'cancel' }),
    'retry-failed': fc.constant({ move: 'retry-failed' }),
  };
  return fc.oneof(
    ...(Object.keys(arbitraries) as Move['move'][])
      .filter((move) => (weights[move] ?? 0) > 0)
      .map((move) => ({ weight: weights[move] ?? 0, arbitrary: arbitraries[move] })),
  );
}

function describeScenario({ definition, options, jobThreads, timeoutMs, policies }: Omit<Scenario, 'moves'>): string {
  const flows = Object.values(definition.flows).map(({ id, nodes }) =>
    [
      `flow ${id}`,
      ...nodes.map(({ id: node, jobKey, dependsOn, condition, embeddedFlowId }) => {
        const { retries = 0, backoffMs = 0, succeedOnFailure = false } = policies.get(jobKey) ?? {};
        return [
          `  ${node}`,
          dependsOn.length === 0 ? '' : `needs ${dependsOn.join(',')}`,
          condition === undefined ? '' : `if ${condition}`,
          embeddedFlowId === undefined ? '' : `embeds ${embeddedFlowId}`,
          embeddedFlowId === undefined && retries > 0 ? `retries ${retries} after ${backoffMs} ms` : '',
          embeddedFlowId === undefined && succeedOnFailure ? 'succeeds on failure' : '',
        ]
          .filter((part) => part !== '')
          .join('  ');
      }),
    ].join('\n'),
  );
  const { failureAction, disabledJobs, pipelineLevel } = options;
  return [
    '',
    ...flows,
    `options: ${failureAction}, ${jobThreads} threads, timeout ${timeoutMs ?? '-'}, disabled ${JSON.stringify(disabledJobs)}, pipeline level ${pipelineLevel ?? '-'}`,
    '',
  ].join('\n');
}
