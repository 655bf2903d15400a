import { DomainError } from '@lockstep/domain';
import type {
  ExecutionOptions,
  FlowDefinition,
  NewExecution,
  Project,
  ProjectDefinition,
  User,
} from '@lockstep/domain';
import { planExecution } from '@lockstep/engine';
import type { ServiceContext } from '../context.js';
import { flowOf } from '../projects/find-flow.js';
import { checkOptions } from './check-options.js';
import { completeOptions } from './complete-options.js';
import { retryRuleOf } from './retry-rule.js';

/** An execution that may be stored, but for what others of its flow mean for it. */
export type Submission = Omit<NewExecution, 'submittedAt'>;

export interface SubmissionRequest extends Pick<NewExecution, 'source'> {
  readonly project: Project;
  readonly flowId: string;
  readonly options: ExecutionOptions;
  /** Default: the newest one. */
  readonly version?: number;
  /** Changes the options once they are complete, knowing the flow. */
  readonly adapt?: (options: ExecutionOptions, flow: StartableFlow) => ExecutionOptions;
}

export interface StartableFlow {
  readonly definition: ProjectDefinition;
  readonly flow: FlowDefinition;
}

/**
 * EXECUTE. Everything that is checked before others of the flow are looked at.
 * Throws `permission.missing`, `flow.*`, `version.not-found`, `execution.bad-options`.
 */
export async function prepareSubmission(
  context: ServiceContext,
  user: User,
  { project, flowId, options, source, version = project.currentVersion, adapt }: SubmissionRequest,
): Promise<Submission> {
  context.access.assertCan(user, 'EXECUTE', project);
  const startable = await findStartableFlow(context, { project, flowId, version });
  await assertUnlocked(context, { project, flowId });
  const complete = prepareOptions(context, { user, options, ...startable });
  const prepared = adapt === undefined ? complete : adapt(complete, startable);
  assertPlannable(prepared, startable);
  const retry = retryRuleOf(prepared, context.limits.flowRetryLimit);
  return {
    projectId: project.id,
    projectName: project.name,
    version,
    flowId,
    submitUser: user.name,
    source,
    options: prepared,
    ...(retry && { retry }),
  };
}

/** Throws `version.not-found` and `flow.not-found`, also for an inner flow. */
export async function findStartableFlow(
  { definitions }: Pick<ServiceContext, 'definitions'>,
  { project, flowId, version }: { project: Project; flowId: string; version: number },
): Promise<StartableFlow> {
  const definition = await definitions.load({ projectId: project.id, projectName: project.name, version });
  const flow = flowOf(definition, { project, flowId });
  if (flow.embedded) throw new DomainError('flow.not-found', { project: project.name, flow: flowId });
  return { definition, flow };
}

/** Throws `flow.locked`; its detail `message` is what whoever locked the flow wants said. */
export async function assertUnlocked(
  { stores }: Pick<ServiceContext, 'stores'>,
  { project, flowId }: { project: Project; flowId: string },
): Promise<void> {
  const lock = await stores.flowLocks.find(project.id, flowId);
  if (lock === undefined) return;
  const details = { project: project.name, flow: flowId };
  throw new DomainError('flow.locked', lock.message === undefined ? details : { ...details, message: lock.message });
}

/** What no worker could plan must not be accepted. Throws `execution.bad-options`. */
export function assertPlannable(options: ExecutionOptions, { definition, flow }: StartableFlow): void {
  planExecution({ definition, flowId: flow.id, options });
}

function prepareOptions(
  { access, limits }: ServiceContext,
  { user, definition, flow, options }: StartableFlow & { user: User; options: ExecutionOptions },
): ExecutionOptions {
  const permitted = checkOptions(options, { isAdmin: access.isAdmin(user), retryLimit: limits.flowRetryLimit });
  return completeOptions(permitted, { definition, flow });
}
