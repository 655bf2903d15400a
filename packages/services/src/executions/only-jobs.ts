import { DomainError } from '@lockstep/domain';
import type { DisabledJob, ExecutionPlan, PlanNode } from '@lockstep/domain';
import type { OnlyJobs } from '../services.js';
import { disabledJobs } from './disabled-jobs.js';

/**
 * What to disable so that only the named jobs run. What the plan disables already stays disabled. Throws
 * `job.not-found`.
 */
export function onlyJobs(plan: ExecutionPlan, { nestedIds, withAncestors = false }: OnlyJobs): readonly DisabledJob[] {
  const wanted = nestedIds.map((nestedId) => findNode(plan, nestedId));
  const kept = new Set<number>();
  const around = new Set<number>([0]);
  for (const node of withAncestors ? withAllBefore(plan, wanted) : wanted) {
    for (const inner of withInside(plan, node)) kept.add(inner.index);
    for (const outer of enclosing(plan, node)) around.add(outer.index);
  }
  return disabledJobs(plan, (node) => (!kept.has(node.index) && !around.has(node.index)) || node.disabled);
}

function findNode(plan: ExecutionPlan, nestedId: string): PlanNode {
  const node = plan.nodes[plan.indexOf.get(nestedId) ?? 0];
  if (node === undefined || node.index === 0) {
    throw new DomainError('job.not-found', { flow: plan.nodes[0]?.id ?? '', job: nestedId });
  }
  return node;
}

function withAllBefore(plan: ExecutionPlan, wanted: readonly PlanNode[]): ReadonlySet<PlanNode> {
  const reached = new Set(wanted);
  // Those around a node only lead on to what they depend on: the rest of what is in them does not run.
  const seen = new Set<PlanNode>();
  const waiting = wanted.flatMap((node) => [node, ...enclosing(plan, node)]);
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    for (const index of node.dependencies) {
      const before = plan.nodes[index] as PlanNode;
      reached.add(before);
      waiting.push(before);
    }
  }
  return reached;
}

function withInside(plan: ExecutionPlan, node: PlanNode): readonly PlanNode[] {
  const inside = [node];
  for (let next = 0; next < inside.length; next++) {
    for (const index of inside[next]?.children ?? []) inside.push(plan.nodes[index] as PlanNode);
  }
  return inside;
}

/** The embedded flows around a node, without the root. */
function enclosing(plan: ExecutionPlan, { parent }: PlanNode): readonly PlanNode[] {
  const flows: PlanNode[] = [];
  for (let index = parent; index !== undefined && index !== 0; index = plan.nodes[index]?.parent) {
    flows.push(plan.nodes[index] as PlanNode);
  }
  return flows;
}
