import fc from 'fast-check';

/** A flow before it has names: what the generator draws and what shrinks. */
export interface FlowShape {
  /** How dependencies are laid: `free` takes each node's own picks. */
  readonly layout: 'chain' | 'fan' | 'layers' | 'free';
  /** Nodes are declared last first. */
  readonly reversed: boolean;
  readonly nodes: readonly NodeShape[];
}

export interface NodeShape {
  /** Picks among the nodes before it. */
  readonly dependencies: readonly number[];
  readonly condition: ConditionShape | undefined;
  /** `again`: another copy of a flow that is embedded already. */
  readonly embeds: FlowShape | 'again' | undefined;
  readonly retries: number;
  readonly backoffMs: number;
  readonly succeedOnFailure: boolean;
}

export interface ConditionShape {
  readonly macro: string | undefined;
  readonly comparison:
    | {
        readonly of: number;
        readonly operator: string;
        readonly literal: string;
        readonly joinedBy: '&&' | '||';
        readonly negated: boolean;
      }
    | undefined;
}

export interface ShapeLimits {
  readonly nodes: number;
  /** Levels of embedded flows. */
  readonly nesting: number;
}

export function flowShape({ nodes, nesting }: ShapeLimits): fc.Arbitrary<FlowShape> {
  return fc.record({
    layout: fc.constantFrom<FlowShape['layout']>('free', 'free', 'layers', 'fan', 'chain'),
    reversed: fc.boolean(),
    nodes: fc.array(nodeShape({ nodes: Math.max(2, Math.ceil(nodes / 2)), nesting: nesting - 1 }), {
      maxLength: nodes,
      size: 'max',
    }),
  });
}

function nodeShape(inside: ShapeLimits): fc.Arbitrary<NodeShape> {
  return fc.record({
    dependencies: fc.array(fc.nat(11), { maxLength: 3, size: 'max' }),
    condition: fc.oneof(
      { withCrossShrink: true },
      { weight: 6, arbitrary: fc.constant(undefined) },
      { weight: 4, arbitrary: conditionShape },
    ),
    embeds: embedded(inside),
    retries: fc.constantFrom(0, 0, 0, 1, 2),
    backoffMs: fc.constantFrom(0, 0, 5000),
    succeedOnFailure: fc.constantFrom(false, false, false, false, false, true),
  });
}

function embedded(inside: ShapeLimits): fc.Arbitrary<NodeShape['embeds']> {
  if (inside.nesting < 0) return fc.constant(undefined);
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 7, arbitrary: fc.constant(undefined) },
    { weight: 2, arbitrary: flowShape(inside) },
    { weight: 1, arbitrary: fc.constant('again' as const) },
  );
}

const conditionShape: fc.Arbitrary<ConditionShape> = fc.record({
  macro: fc.constantFrom(
    'all_success',
    'all_done',
    'one_success',
    'ONE_FAILED',
    'all_failed',
    'All_Done',
    'one_failed',
    undefined,
  ),
  comparison: fc.option(
    fc.record({
      of: fc.nat(11),
      operator: fc.constantFrom('==', '!=', '>', '>=', '<', '<='),
      literal: fc.constantFrom("'v1'", '"10"', '9', "'null'"),
      joinedBy: fc.constantFrom<'&&' | '||'>('&&', '||'),
      negated: fc.boolean(),
    }),
    { nil: undefined },
  ),
});
