import { DomainError } from '@lockstep/domain';
import type {
  Execution,
  ExecutionOptions,
  ExecutionSource,
  FlowDefinition,
  Project,
  ProjectDefinition,
  Stores,
  User,
} from '@lockstep/domain';
import { planExecution } from '@lockstep/engine';
import type { ServiceContext } from '../context.js';
import { findProject } from '../projects/find-project.js';
import { flowOf } from '../projects/find-flow.js';
import { checkOptions } from './check-options.js';
import { completeOptions } from './complete-options.js';
import { decideConcurrency } from './decide-concurrency.js';

/**
 * EXECUTE. Checks the options, decides what other executions of the flow mean for this one, stores it and tells the
 * workers. What is answered is durable: should the message to the workers be lost, it is sent again later.
 * Throws `project.not-found`, `permission.missing`, `flow.*`, `version.not-found`, `execution.*`.
 */
export async function submitExecution(
  context: ServiceContext,
  user: User,
  submission: { projectName: string; flowId: string; options: ExecutionOptions; source?: ExecutionSource },
): Promise<{ execution: Execution; concurrentWith: readonly number[] }> {
  const project = await findProject(context, submission.projectName);
  context.access.assertCan(user, 'EXECUTE', project);

  const { definition, flow } = await findStartableFlow(context, { project, flowId: submission.flowId });
  await assertUnlocked(context, { project, flow });
  const options = prepareOptions(context, { user, definition, flow, options: submission.options });
  const accepted = await context.unitOfWork.transaction((stores) =>
    accept(context, stores, { user, project, flow, options, source: submission.source ?? 'adhoc' }),
  );
  tellWorkers(context, accepted.execution);
  return accepted;
}

async function findStartableFlow(
  { definitions }: ServiceContext,
  { project, flowId }: { project: Project; flowId: string },
): Promise<{ definition: ProjectDefinition; flow: FlowDefinition }> {
  const definition = await definitions.load({
    projectId: project.id,
    projectName: project.name,
    version: project.currentVersion,
  });
  const flow = flowOf(definition, { project, flowId });
  if (flow.embedded) throw new DomainError('flow.not-found', { project: project.name, flow: flowId });
  return { definition, flow };
}

async function assertUnlocked(
  { flowLocks }: ServiceContext,
  { project, flow }: { project: Project; flow: FlowDefinition },
): Promise<void> {
  if ((await flowLocks?.isLocked(project.id, flow.id)) !== true) return;
  throw new DomainError('flow.locked', { project: project.name, flow: flow.id });
}

function prepareOptions(
  { access, limits }: ServiceContext,
  {
    user,
    definition,
    flow,
    options,
  }: { user: User; definition: ProjectDefinition; flow: FlowDefinition; options: ExecutionOptions },
): ExecutionOptions {
  const permitted = checkOptions(options, { isAdmin: access.isAdmin(user), retryLimit: limits.flowRetryLimit });
  const complete = completeOptions(permitted, { definition, flow });
  // What no worker could plan must not be accepted.
  planExecution({ definition, flowId: flow.id, options: complete });
  return complete;
}

/** Under a lock on the flow: of two submissions at once, the second sees the first. */
async function accept(
  { clock, limits }: ServiceContext,
  stores: Stores,
  {
    user,
    project,
    flow,
    options,
    source,
  }: { user: User; project: Project; flow: FlowDefinition; options: ExecutionOptions; source: ExecutionSource },
): Promise<{ execution: Execution; concurrentWith: readonly number[] }> {
  await stores.executions.lockFlow(project.id, flow.id);
  await assertRoomInQueue(stores, { project, flow, limit: limits.queueSize });

  const running = await stores.executions.unfinishedOfFlow(project.id, flow.id);
  const limit = runLimitOf({ project, flow, limits });
  const decided = decideConcurrency({ options, running, limit });
  if (decided.decision === 'refuse') {
    throw new DomainError(`execution.${decided.because}`, { project: project.name, flow: flow.id, limit });
  }

  const execution = await insert(stores, {
    projectId: project.id,
    projectName: project.name,
    version: project.currentVersion,
    flowId: flow.id,
    submitUser: user.name,
    submittedAt: clock.now(),
    source,
    options: decided.options,
  });
  await stores.executions.addWaits(execution.id, { on: decided.waitFor, needsSuccess: false });
  return { execution, concurrentWith: running };
}

async function assertRoomInQueue(
  { executions }: Stores,
  { project, flow, limit }: { project: Project; flow: FlowDefinition; limit: number },
): Promise<void> {
  if ((await executions.countWaiting()) < limit) return;
  throw new DomainError('execution.queue-full', { project: project.name, flow: flow.id, limit });
}

function runLimitOf({
  project,
  flow,
  limits,
}: {
  project: Project;
  flow: FlowDefinition;
  limits: ServiceContext['limits'];
}): number {
  const exception = limits.concurrentRunsWhitelist.find(
    (candidate) => candidate.project === project.name && candidate.flow === flow.id,
  );
  return exception?.limit ?? limits.maxConcurrentRunsOneFlow;
}

async function insert({ executions }: Stores, execution: Parameters<typeof executions.insert>[0]): Promise<Execution> {
  const id = await executions.insert(execution);
  return { ...execution, id, status: 'PREPARING', updatedAt: execution.submittedAt };
}

/** Not waited for: a queue that is down must not hold up, let alone undo, what has been accepted. */
function tellWorkers({ dispatcher, log }: ServiceContext, { id }: Execution): void {
  dispatcher.nudge({ executionId: id, ticket: 0 }).catch((error: unknown) => {
    log.warn(
      { err: error, executionId: id },
      'The workers could not be told of an execution; they will be told again.',
    );
  });
}
