import type { JsonObject } from '../../kit/pretty-json.js';
import type { ManagerCall } from '../ajax-action.js';

/** Locks or unlocks a flow; the message is what a refused submission is told. */
export async function setFlowLock({ parameters, project, services, user }: ManagerCall): Promise<JsonObject> {
  const flowId = parameters.required('flowName');
  const isLocked = parameters.required('isLocked').toLowerCase() === 'true';
  const message = isLocked ? parameters.get('flowLockErrorMessage') : undefined;
  await services.projects.setFlowLock(user, {
    projectName: project.name,
    flowId,
    isLocked,
    ...(message !== undefined && { message }),
  });
  return {
    isLocked,
    flowLockErrorMessage: message ?? null,
    project: project.name,
    projectId: project.id,
    flowId,
  };
}

export async function isFlowLocked({ parameters, project, services, user }: ManagerCall): Promise<JsonObject> {
  const flowId = parameters.required('flowName');
  const isLocked = await services.projects.isFlowLocked(user, { projectName: project.name, flowId });
  return { isLocked, project: project.name, projectId: project.id, flowId };
}
