import type { ExecutionOptions, ExecutionSource, User } from '@lockstep/domain';
import { planExecution } from '@lockstep/engine';
import type { ServiceContext } from '../context.js';
import { findProject } from '../projects/find-project.js';
import type { Accepted, OnlyJobs } from '../services.js';
import { acceptSubmission } from './accept-submission.js';
import { onlyJobs } from './only-jobs.js';
import { prepareSubmission, type StartableFlow } from './prepare-submission.js';
import { tellWorkers } from './tell-workers.js';

/**
 * EXECUTE. Checks the options, decides what other executions of the flow mean for this one, stores it and tells the
 * workers. What is answered is durable: should the message to the workers be lost, it is sent again later. With `only`,
 * all other jobs are disabled. Throws `project.not-found`, `permission.missing`, `flow.*`, `job.not-found`,
 * `version.not-found`, `execution.*`.
 */
export async function submitExecution(
  context: ServiceContext,
  user: User,
  submission: {
    projectName: string;
    flowId: string;
    options: ExecutionOptions;
    source?: ExecutionSource;
    only?: OnlyJobs;
  },
): Promise<Accepted> {
  const { only, source = 'adhoc', flowId, options } = submission;
  const project = await findProject(context, submission.projectName);
  const adapt = only === undefined ? undefined : disablingOthers(only);
  const prepared = await prepareSubmission(context, user, {
    project,
    flowId,
    options,
    source,
    ...(adapt && { adapt }),
  });
  const accepted = await context.unitOfWork.transaction((stores) => acceptSubmission(context, stores, prepared));
  tellWorkers(context, accepted.execution);
  return accepted;
}

function disablingOthers(only: OnlyJobs) {
  return (options: ExecutionOptions, { definition, flow }: StartableFlow): ExecutionOptions => {
    const plan = planExecution({ definition, flowId: flow.id, options });
    return { ...options, disabledJobs: onlyJobs(plan, only) };
  };
}
