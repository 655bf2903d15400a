import { DomainError, type FlowDefinition } from '@lockstep/domain';
import type { JsonObject } from '../../kit/pretty-json.js';
import { RequestFault } from '../../kit/request-fault.js';
import type { ManagerCall } from '../ajax-action.js';

/** Nodes of a flow by level, with both directions of their edges. An unknown flow is an HTTP 500, as clients expect. */
export async function fetchFlowJobs(call: ManagerCall): Promise<JsonObject> {
  const { parameters, project } = call;
  const flow = await findFlow(call, parameters.required('flow'));
  const dependents = dependentsOf(flow);
  return {
    nodes: flow.nodes
      .toSorted((a, b) => a.level - b.level)
      .map(({ id, level, dependsOn }) => ({
        level,
        dependents: dependents.get(id) ?? [],
        id,
        dependencies: dependsOn,
      })),
    isLocked: false,
    project: project.name,
    projectId: project.id,
    flowId: flow.id,
  };
}

async function findFlow({ project, services, user }: ManagerCall, flowId: string): Promise<FlowDefinition> {
  try {
    return await services.projects.flow(user, project, flowId);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'flow.not-found') throw error;
    throw new RequestFault(`Flow ${flowId} not found in project ${project.name}`, { cause: error });
  }
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
