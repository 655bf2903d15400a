import { DomainError, type FlowDefinition } from '@lockstep/domain';
import { RequestFault } from '../../kit/request-fault.js';
import type { ManagerCall } from '../ajax-action.js';

/** A flow of the project, for the calls that answer an unknown one with HTTP 500. */
export async function findFlowOrFault(
  { project, services, user }: ManagerCall,
  flowId: string,
): Promise<FlowDefinition> {
  try {
    return await services.projects.flow(user, project, flowId);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'flow.not-found') throw error;
    throw new RequestFault(`Flow ${flowId} not found in project ${project.name}`, { cause: error });
  }
}
