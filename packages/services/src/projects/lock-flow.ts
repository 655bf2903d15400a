import type { User } from '@lockstep/domain';
import type { ServiceContext } from '../context.js';
import { findStartableFlow } from '../executions/prepare-submission.js';
import { findFlow } from './find-flow.js';
import { findProject } from './find-project.js';

/** ADMIN. Locks the flow or takes its lock away; either may be said again. Throws `project.not-found`, `flow.not-found`. */
export async function setFlowLock(
  context: ServiceContext,
  user: User,
  {
    projectName,
    flowId,
    isLocked,
    message,
  }: { projectName: string; flowId: string; isLocked: boolean; message?: string },
): Promise<void> {
  const project = await findProject(context, projectName);
  context.access.assertCan(user, 'ADMIN', project);
  await findStartableFlow(context, { project, flowId, version: project.currentVersion });

  const { flowLocks } = context.stores;
  if (!isLocked) return flowLocks.remove(project.id, flowId);
  const text = message?.trim() ?? '';
  await flowLocks.set({
    projectId: project.id,
    flowId,
    ...(text !== '' && { message: text }),
    user: user.name,
    at: context.clock.now(),
  });
}

/** READ. An inner flow of Flow 2.0 is never locked itself. Throws `project.not-found`, `flow.not-found`. */
export async function isFlowLocked(
  context: ServiceContext,
  user: User,
  { projectName, flowId }: { projectName: string; flowId: string },
): Promise<boolean> {
  const project = await findProject(context, projectName);
  await findFlow(context, user, { project, flowId });
  return (await context.stores.flowLocks.find(project.id, flowId)) !== undefined;
}
