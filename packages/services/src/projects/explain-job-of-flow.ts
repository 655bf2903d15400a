import type { ExecutionOptions, User } from '@lockstep/domain';
import { planExecution } from '@lockstep/engine';
import { explainJob, maskExplained, outputsToCome } from '@lockstep/props';
import type { ServiceContext } from '../context.js';
import { checkOptions } from '../executions/check-options.js';
import { completeOptions } from '../executions/complete-options.js';
import { jobNodeOf } from '../executions/job-node-of.js';
import { workerDefaultsOf } from '../executions/worker-defaults-of.js';
import type { JobExplanation } from '../services.js';
import { flowOf } from './find-flow.js';
import { findProject } from './find-project.js';
import { readDefinition } from './read-definition.js';

/** READ. Throws `project.not-found`, `permission.missing`, `flow.not-found`, `job.not-found`, `execution.bad-options`. */
export async function explainJobOfFlow(
  context: ServiceContext,
  user: User,
  {
    projectName,
    flowId,
    nestedId,
    options,
  }: {
    projectName: string;
    flowId: string;
    nestedId: string;
    options: ExecutionOptions;
  },
): Promise<JobExplanation> {
  const project = await findProject(context, projectName);
  const definition = await readDefinition(context, user, { project });
  const flow = flowOf(definition, { project, flowId });
  const checked = checkOptions(options, {
    isAdmin: context.access.isAdmin(user),
    retryLimit: context.limits.flowRetryLimit,
  });
  const completed = completeOptions(checked, { definition, flow });
  const plan = planExecution({ definition, flowId, options: completed });
  const node = jobNodeOf(plan, nestedId);
  const defaults = await workerDefaultsOf(context);
  const request = {
    plan,
    node,
    definition,
    options: completed,
    execution: {
      flowId,
      projectId: project.id,
      projectName: project.name,
      version: project.currentVersion,
      submitUser: user.name,
      source: 'adhoc' as const,
    },
    project,
    attempt: 0,
    // Known only once they have run.
    outputsOf: () => undefined,
    isToCome: () => true,
    globalProperties: defaults.globalProperties,
    pluginDefaults: defaults.pluginDefaultsOf(node.type),
    ...(defaults.webServerUrl !== undefined && { webServerUrl: defaults.webServerUrl }),
    timezone: defaults.timezone,
    now: context.clock.now(),
  };
  return {
    flowId,
    nestedId,
    attempt: 0,
    properties: maskExplained(explainJob(request)),
    outputsToCome: outputsToCome(request),
  };
}
