import { DomainError, isFinished } from '@lockstep/domain';
import type { Execution, ExecutionOptions, User } from '@lockstep/domain';
import type { ServiceContext } from '../context.js';
import { findProject } from '../projects/find-project.js';
import type { Accepted } from '../services.js';
import { acceptSubmission } from './accept-submission.js';
import { describeNodes } from './describe-execution.js';
import { findPermittedExecution } from './find-execution.js';
import { optionsAsGiven, withoutDone } from './options-again.js';
import { prepareSubmission } from './prepare-submission.js';
import { tellWorkers } from './tell-workers.js';

/** What Azkaban's "Prepare execution" leaves out. */
const DONE = ['SUCCEEDED', 'SKIPPED', 'DISABLED'] as const;

export interface Rerun {
  readonly id: number;
  readonly from: 'failure' | 'start';
  /** Default: newest. */
  readonly version?: 'newest' | 'same';
}

/**
 * EXECUTE. Runs the flow of an execution that has ended once more, as a new execution linked to the old one.
 * Throws `execution.still-running`, `execution.nothing-failed`, and what finding and submitting throw.
 */
export async function rerunExecution(context: ServiceContext, user: User, rerun: Rerun): Promise<Accepted> {
  const old = await findPermittedExecution(context, { user, id: rerun.id, permission: 'EXECUTE' });
  assertCanRunAgain(old, rerun);

  const project = await findProject(context, old.projectName);
  const prepared = await prepareSubmission(context, user, {
    project,
    flowId: old.flowId,
    options: await optionsOf(context, old, rerun),
    source: 'adhoc',
    version: rerun.version === 'same' ? old.version : project.currentVersion,
  });
  const linked = { ...prepared, retryOf: old.id, retryRoot: old.retryRoot ?? old.id };
  const accepted = await context.unitOfWork.transaction((stores) => acceptSubmission(context, stores, linked));
  tellWorkers(context, accepted.execution);
  return accepted;
}

function assertCanRunAgain({ id, flowId, status }: Execution, { from }: Rerun): void {
  const details = { execution: id, flow: flowId };
  if (!isFinished(status)) throw new DomainError('execution.still-running', details);
  if (from === 'failure' && status === 'SUCCEEDED') throw new DomainError('execution.nothing-failed', details);
}

async function optionsOf(context: ServiceContext, old: Execution, { from }: Rerun): Promise<ExecutionOptions> {
  const definition = await context.definitions.load(old);
  const options = optionsAsGiven(old.options, { definition, flowId: old.flowId });
  return from === 'start' ? options : withoutDone(options, await describeNodes(context, old), DONE);
}
