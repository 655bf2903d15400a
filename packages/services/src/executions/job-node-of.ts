import { DomainError } from '@lockstep/domain';
import type { ErrorDetails, ExecutionPlan, PlanNode } from '@lockstep/domain';

/** The job or embedded flow of that nested id. Throws `job.not-found`. */
export function jobNodeOf(plan: ExecutionPlan, nestedId: string, details: ErrorDetails = {}): PlanNode {
  const node = plan.nodes[plan.indexOf.get(nestedId) ?? 0];
  if (node !== undefined && node.index !== 0) return node;
  throw new DomainError('job.not-found', { ...details, flow: plan.nodes[0]?.id ?? '', job: nestedId });
}
