import type { PlanNode } from '@lockstep/domain';

/**
 * Which nodes of the older execution a job waits for (Azkaban's pipeline levels):
 * 1 = the same job; 2 = it and its direct dependants; 3 = the whole older execution, that is all its end nodes.
 */
export function pipelineWaits(nodes: readonly PlanNode[], node: PlanNode, level: number): readonly string[] {
  if (node.kind === 'flow') return [];
  if (level === 1) return [node.nestedId];
  if (level === 2) return levelTwo(nodes, node);
  return endJobs(nodes, nodes[0] as PlanNode);
}

function levelTwo(nodes: readonly PlanNode[], node: PlanNode): readonly string[] {
  const waits = new Set<string>([node.nestedId]);
  // An end node of an embedded flow is followed by what follows that embedded flow (one level up only, as in Azkaban).
  const followed = node.dependants.length > 0 ? node : nodes[node.parent ?? 0];
  for (const dependant of followed?.dependants ?? []) {
    for (const nestedId of startJobs(nodes, nodes[dependant] as PlanNode)) waits.add(nestedId);
  }
  return [...waits];
}

/** The job itself, or the first jobs inside an embedded flow, recursively. */
function startJobs(nodes: readonly PlanNode[], node: PlanNode): readonly string[] {
  if (node.kind === 'job') return [node.nestedId];
  return node.startNodes.flatMap((start) => startJobs(nodes, nodes[start] as PlanNode));
}

function endJobs(nodes: readonly PlanNode[], node: PlanNode): readonly string[] {
  if (node.kind === 'job') return [node.nestedId];
  return node.endNodes.flatMap((end) => endJobs(nodes, nodes[end] as PlanNode));
}
