import { endNodes, type OracleNode, startNodes } from './oracle-node.js';

/** The table of section 3.8: which jobs of the older execution a job waits for. */
export function pipelineWaitsTable(root: OracleNode, job: OracleNode, level: number): readonly string[] {
  if (level === 1) return [job.nestedId];
  if (level === 3) return expanded(endNodes(root), endNodes);
  const isEndOfEmbedded = job.dependants.length === 0 && job.parent !== undefined && job.parent !== root;
  const dependants = isEndOfEmbedded ? (job.parent as OracleNode).dependants : job.dependants;
  return [job.nestedId, ...expanded(dependants, startNodes)];
}

function expanded(
  nodes: readonly OracleNode[],
  inside: (flow: OracleNode) => readonly OracleNode[],
): readonly string[] {
  return nodes.flatMap((node) => (node.kind === 'job' ? [node.nestedId] : expanded(inside(node), inside)));
}
