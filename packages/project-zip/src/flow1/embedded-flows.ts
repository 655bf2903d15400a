import { buildGraph, knotsOf } from '@lockstep/dag';
import type { FlowDefinition } from '@lockstep/domain';
import type { Problems } from '../problems.js';
import type { Flow1Job } from './read-flow1-files.js';

/**
 * Checks that embedded flows exist and do not embed each other; true when they can be expanded.
 *
 * Azkaban starts at every flow and names the links that lead back into the path it came along. Taken over all starting flows,
 * those are the links between flows of one knot.
 */
export function checkEmbeddedFlows(
  flows: ReadonlyMap<string, FlowDefinition>,
  { jobs, problems }: { readonly jobs: ReadonlyMap<string, Flow1Job>; readonly problems: Problems },
): boolean {
  const embedded = new Map([...flows].map(([id, flow]) => [id, embeddedFlowIds(flow)]));
  const graph = buildGraph({ nodes: flows.keys(), dependenciesOf: (flow) => embedded.get(flow) });
  const knots = knotsOf(graph);
  let sound = true;
  for (const [flow, links] of embedded) {
    for (const link of links) {
      const file = jobs.get(flow)?.source ?? flow;
      if (!flows.has(link)) problems.error(`Flow ${flow} depends on ${link} but can't be found.`, { file });
      else if (knots.get(flow) === knots.get(link)) {
        problems.error(`Embedded flow cycle found in ${flow}->${link}`, { file });
      } else continue;
      sound = false;
    }
  }
  return sound;
}

/** Azkaban shows a missing `flow.name` as the flow `null`. */
function embeddedFlowIds(flow: FlowDefinition): readonly string[] {
  const nodes = flow.nodes.filter((node) => node.type === 'flow');
  return [...new Set(nodes.map((node) => node.embeddedFlowId ?? 'null'))];
}
