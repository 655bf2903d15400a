import type { Execution, ExecutionFilter, User } from '@lockstep/domain';
import type { ServiceContext } from '../context.js';
import { findProject } from '../projects/find-project.js';

interface FlowName {
  readonly projectName: string;
  readonly flowId: string;
}

interface Page {
  readonly start: number;
  readonly length: number;
}

/** EXECUTE. Ids of the flow's executions that have not ended, ascending; none for a flow that does not exist. */
export async function listRunning(
  context: ServiceContext,
  user: User,
  { projectName, flowId }: FlowName,
): Promise<readonly number[]> {
  const project = await findProject(context, projectName);
  context.access.assertCan(user, 'EXECUTE', project);
  return context.stores.executions.unfinishedOfFlow(project.id, flowId);
}

/** READ. Newest first, with the number of all; none for a flow that does not exist. */
export async function listExecutionsOfFlow(
  context: ServiceContext,
  user: User,
  { flow: { projectName, flowId }, page }: { flow: FlowName; page: Page },
): Promise<{ total: number; executions: readonly Execution[] }> {
  const project = await findProject(context, projectName);
  context.access.assertCan(user, 'READ', project);
  return context.stores.executions.listOfFlow({ projectId: project.id, flowId }, page);
}

/** READ. Undefined when the flow has never succeeded. */
export async function findLastSuccessfulOfFlow(
  context: ServiceContext,
  user: User,
  { projectName, flowId }: FlowName,
): Promise<number | undefined> {
  const project = await findProject(context, projectName);
  context.access.assertCan(user, 'READ', project);
  return context.stores.executions.lastSuccessfulOfFlow(project.id, flowId);
}

/** Newest first over all projects, for everybody who has logged in (as Azkaban's history page). */
export async function listExecutions(
  { stores }: ServiceContext,
  { filter, page }: { filter: ExecutionFilter; page: Page },
): Promise<readonly Execution[]> {
  return stores.executions.list(filter, page);
}
