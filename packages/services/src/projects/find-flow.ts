import { DomainError } from '@lockstep/domain';
import type { FlowDefinition, Project, ProjectDefinition, User } from '@lockstep/domain';
import type { ServiceContext } from '../context.js';
import { readDefinition } from './read-definition.js';

/** A flow of the current version, inner flows of Flow 2.0 included. READ. Throws `flow.not-found`. */
export async function findFlow(
  context: ServiceContext,
  user: User,
  { project, flowId }: { project: Project; flowId: string },
): Promise<FlowDefinition> {
  const definition = await readDefinition(context, user, { project });
  return flowOf(definition, { project, flowId });
}

/** Throws `flow.not-found`. */
export function flowOf(
  { flows }: ProjectDefinition,
  { project, flowId }: { project: Project; flowId: string },
): FlowDefinition {
  const flow = Object.hasOwn(flows, flowId) ? flows[flowId] : undefined;
  if (flow === undefined) throw new DomainError('flow.not-found', { project: project.name, flow: flowId });
  return flow;
}
