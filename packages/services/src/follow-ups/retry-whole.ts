import { DomainError } from '@lockstep/domain';
import type { Execution, ExecutionOptions, Project } from '@lockstep/domain';
import type { ServiceContext } from '../context.js';
import { acceptSubmission } from '../executions/accept-submission.js';
import { describeNodes } from '../executions/describe-execution.js';
import { withoutDone, withoutPipeline } from '../executions/options-again.js';
import { assertPlannable, assertUnlocked, findStartableFlow } from '../executions/prepare-submission.js';
import { retryStrategyOf } from '../executions/retry-rule.js';
import { unlessRefused } from './refusal.js';

/** What `flow.retry.strategy=disableSucceededNodes` leaves out (Azkaban). */
const DONE = ['SUCCEEDED', 'SKIPPED'] as const;

/**
 * Runs an execution that has failed once more, as a new one in the name of the same user. Whoever waited for the success
 * of the old one waits for that of the new one; when there is no new one, they never start.
 */
export async function retryWhole(context: ServiceContext, failed: Execution): Promise<readonly Execution[]> {
  const what = `Execution ${failed.id} of flow ${failed.flowId} is not tried again`;
  const retry = await unlessRefused(context, { projectId: failed.projectId, what }, () => submitRetry(context, failed));
  const { executionEnds } = context.stores;
  if (retry === undefined) await executionEnds.failWaits(failed.id);
  else await executionEnds.handOverWaits({ from: failed.id, to: retry.id });
  return retry === undefined ? [] : [retry];
}

async function submitRetry(context: ServiceContext, failed: Execution): Promise<Execution> {
  const { id, projectId, projectName, flowId, submitUser, retry, lineage } = failed;
  const project = await context.stores.projects.findById(projectId);
  if (project === undefined || !project.active) throw new DomainError('project.not-found', { project: projectName });
  await assertUnlocked(context, { project, flowId });

  const version = await versionFor(context, { project, failed });
  const options = await optionsFor(context, failed);
  const planRoot = await planRootOf(context, failed);
  assertPlannable(options, await findStartableFlow(context, { project, flowId, version }));
  const { execution } = await acceptSubmission(context, context.stores, {
    projectId,
    projectName: project.name,
    version,
    flowId,
    submitUser,
    source: 'retry',
    options,
    retryOf: id,
    retryRoot: failed.retryRoot ?? id,
    ...(retry && retry.left > 1 && { retry: { ...retry, left: retry.left - 1 } }),
    ...(lineage && { lineage }),
    // Whatever covers the failed execution covers the next try of it.
    ...(planRoot !== undefined && { planRoot }),
  });
  return execution;
}

/** Also for the first execution of a plan, which does not name itself. */
async function planRootOf({ stores }: ServiceContext, { id, planRoot }: Execution): Promise<number | undefined> {
  if (planRoot !== undefined) return planRoot;
  return (await stores.executions.plannedWith(id)).length > 1 ? id : undefined;
}

/** The same one: what failed is tried again. Once retention has dropped its zip, the newest. */
async function versionFor(
  { stores }: ServiceContext,
  { project, failed }: { project: Project; failed: Execution },
): Promise<number> {
  const stored = await stores.projects.findVersion(project.id, failed.version);
  return stored?.hasFile === true ? failed.version : project.currentVersion;
}

/** Checked and completed at the first submission, so they are taken as they are. */
async function optionsFor(context: ServiceContext, failed: Execution): Promise<ExecutionOptions> {
  const options = withoutPipeline(failed.options);
  if (retryStrategyOf(options.flowParameters) === 'retryAsNew') return options;
  return withoutDone(options, await describeNodes(context, failed), DONE);
}
