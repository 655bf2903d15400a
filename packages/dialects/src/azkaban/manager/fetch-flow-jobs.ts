import type { FlowDefinition } from '@lockstep/domain';
import type { JsonObject } from '../../kit/pretty-json.js';
import type { ManagerCall } from '../ajax-action.js';
import { findFlowOrFault } from './find-flow-or-fault.js';

/** Nodes of a flow by level, with both directions of their edges. An unknown flow is an HTTP 500, as clients expect. */
export async function fetchFlowJobs(call: ManagerCall): Promise<JsonObject> {
  const { parameters, project, services, user } = call;
  const flow = await findFlowOrFault(call, parameters.required('flow'));
  const dependents = dependentsOf(flow);
  const isLocked = await services.projects.isFlowLocked(user, { projectName: project.name, flowId: flow.id });
  return {
    nodes: flow.nodes
      .toSorted((a, b) => a.level - b.level)
      .map(({ id, level, dependsOn }) => ({
        level,
        dependents: dependents.get(id) ?? [],
        id,
        dependencies: dependsOn,
      })),
    isLocked,
    project: project.name,
    projectId: project.id,
    flowId: flow.id,
  };
}

function dependentsOf({ nodes }: FlowDefinition): ReadonlyMap<string, readonly string[]> {
  const dependents = new Map<string, string[]>();
  for (const { id, dependsOn } of nodes) {
    for (const dependency of dependsOn) {
      const known = dependents.get(dependency);
      if (known === undefined) dependents.set(dependency, [id]);
      else known.push(id);
    }
  }
  return dependents;
}
