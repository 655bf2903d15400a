import { DEFAULT_EXECUTION_OPTIONS, DomainError } from '@lockstep/domain';
import type { Execution, FlowDependency, Project, User } from '@lockstep/domain';
import type { ServiceContext } from '../context.js';
import { acceptSubmission } from '../executions/accept-submission.js';
import { lineageAfter, lineageName } from '../executions/lineage.js';
import { prepareSubmission } from '../executions/prepare-submission.js';
import { findProject } from '../projects/find-project.js';
import { unlessRefused } from './refusal.js';

/**
 * Starts the flows that come after the flow of an execution that has succeeded (`trigger.after`), as far as everything
 * else they come after has succeeded too since they were last started this way.
 */
export async function startDownstream(context: ServiceContext, succeeded: Execution): Promise<readonly Execution[]> {
  const { executions, flowDependencies, projects } = context.stores;
  const project = await projects.findById(succeeded.projectId);
  // A project of the same name may have taken the place of the one it ran in.
  if (project === undefined || !project.active) return [];

  const upstream = { project: succeeded.projectName, flow: succeeded.flowId };
  const downstream = await withoutCovered(context, succeeded, await flowDependencies.after(upstream));
  await executions.lockFlows(downstream);
  const started: Execution[] = [];
  for (const dependency of downstream) {
    await flowDependencies.noteSuccess({ ...dependency, upstream, executionId: succeeded.id });
    started.push(...(await startIfReady(context, dependency)));
  }
  return started;
}

/**
 * Leaves out what the plan of the execution has made executions for already, and what has led to this execution: that
 * would go round in circles for ever.
 */
async function withoutCovered(
  { stores, log }: ServiceContext,
  succeeded: Execution,
  dependencies: readonly FlowDependency[],
): Promise<readonly FlowDependency[]> {
  const planned = await stores.executions.plannedWith(succeeded.planRoot ?? succeeded.id);
  const covered = new Set(planned.filter(({ id }) => id !== succeeded.id).map(lineageName));
  const led = new Set(lineageAfter([succeeded]));
  return dependencies.filter((dependency) => {
    const name = lineageName({ projectName: dependency.project, flowId: dependency.flowId });
    if (!led.has(name)) return !covered.has(name);
    log.info({ executionId: succeeded.id }, `Flow ${name} has led to this execution, so it is not started by it again`);
    return false;
  });
}

async function startIfReady(context: ServiceContext, flow: FlowDependency): Promise<readonly Execution[]> {
  const { flowDependencies } = context.stores;
  const needed = await flowDependencies.of(flow.projectId, flow.flowId);
  const successes = needed.flatMap(({ succeededExecution }) => succeededExecution ?? []);
  if (successes.length < needed.length) return [];

  const what = `Flow ${flow.flowId} is not started although everything in its trigger.after has succeeded`;
  const execution = await unlessRefused(context, { projectId: flow.projectId, what }, () =>
    submitDownstream(context, { flow, needed, successes }),
  );
  // What has been heard stays when the start is refused: the next success tries again.
  if (execution === undefined) return [];
  await flowDependencies.forgetSuccesses(flow.projectId, flow.flowId);
  return [execution];
}

async function submitDownstream(
  context: ServiceContext,
  {
    flow,
    needed,
    successes,
  }: { flow: FlowDependency; needed: readonly FlowDependency[]; successes: readonly number[] },
): Promise<Execution> {
  const project = await findProject(context, flow.project);
  const user = await uploaderOf(context, project);
  for (const { upstream } of needed) {
    context.access.assertCan(user, 'READ', await findProject(context, upstream.project));
  }
  const prepared = await prepareSubmission(context, user, {
    project,
    flowId: flow.flowId,
    // Runs of a flow that reads what others write must not overlap, and none must be lost.
    options: { ...DEFAULT_EXECUTION_OPTIONS, concurrentOption: 'queue' },
    source: 'event',
  });
  const leading = await Promise.all(successes.map((id) => context.stores.executions.find(id)));
  const lineage = lineageAfter(leading.flatMap((execution) => execution ?? []));
  const { execution } = await acceptSubmission(context, context.stores, { ...prepared, lineage });
  return execution;
}

/** Whoever has uploaded what is to run, with the groups and roles of today. Throws `user.unknown`. */
async function uploaderOf({ stores, users }: ServiceContext, project: Project): Promise<User> {
  const version = await stores.projects.findVersion(project.id, project.currentVersion);
  const name = version?.uploadedBy ?? project.modifiedBy;
  const user = users.findUser(name);
  if (user === undefined) throw new DomainError('user.unknown', { user: name });
  return user;
}
