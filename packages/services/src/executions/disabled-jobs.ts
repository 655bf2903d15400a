import type { DisabledJob, ExecutionPlan, PlanNode } from '@lockstep/domain';

/**
 * The jobs of a plan that are to be disabled, as a submission names them. A flow is disabled whole when `isDisabled`
 * says so of it, or of everything in it.
 */
export function disabledJobs(plan: ExecutionPlan, isDisabled: (node: PlanNode) => boolean): readonly DisabledJob[] {
  // Children stand behind their flow, so from the back every flow finds the answers of its children.
  const found = new Map<number, DisabledJob>();
  for (const node of plan.nodes.toReversed()) {
    const disabled = disabledJob(node, { found, isDisabled });
    if (disabled !== undefined) found.set(node.index, disabled);
  }
  return childrenOf(plan.nodes[0], found);
}

function disabledJob(
  node: PlanNode,
  { found, isDisabled }: { found: ReadonlyMap<number, DisabledJob>; isDisabled: (node: PlanNode) => boolean },
): DisabledJob | undefined {
  if (node.index === 0) return undefined;
  if (isDisabled(node)) return { id: node.id };
  const children = childrenOf(node, found);
  if (children.length === 0) return undefined;
  const whole = children.length === node.children.length && children.every((child) => child.children === undefined);
  return whole ? { id: node.id } : { id: node.id, children };
}

function childrenOf(node: PlanNode | undefined, found: ReadonlyMap<number, DisabledJob>): readonly DisabledJob[] {
  return (node?.children ?? []).flatMap((index) => found.get(index) ?? []);
}
