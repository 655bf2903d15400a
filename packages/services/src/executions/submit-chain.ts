import { DEFAULT_EXECUTION_OPTIONS } from '@lockstep/domain';
import type { Execution, ExecutionOptions, Stores, User } from '@lockstep/domain';
import type { ServiceContext } from '../context.js';
import { findProject } from '../projects/find-project.js';
import type { ChainEntry, SubmittedChainEntry } from '../services.js';
import { acceptSubmission } from './accept-submission.js';
import { lineageAfter } from './lineage.js';
import { planChain, type FlowRequest } from './plan-chain.js';
import { prepareSubmission, type Submission } from './prepare-submission.js';
import { tellWorkers } from './tell-workers.js';

/**
 * Plans the flows and creates all their executions, or none, in one transaction: ascending ids in the order of the plan,
 * each waiting for the success of those before it. A flow that only follows, and that runs already, also waits for that
 * run to end; for a flow asked for its options decide. Throws as `planChain` and `submitExecution` do.
 */
export async function submitChain(
  context: ServiceContext,
  user: User,
  { flows, options }: { flows: readonly FlowRequest[]; options: ExecutionOptions },
): Promise<readonly SubmittedChainEntry[]> {
  const plan = await planChain(context, user, flows);
  const prepared: Prepared[] = [];
  for (const entry of plan) prepared.push({ entry, submission: await prepareEntry(context, user, { entry, options }) });

  const submitted = await context.unitOfWork.transaction((stores) => acceptAll(context, stores, prepared));
  for (const { execution } of submitted) if (execution !== undefined) tellWorkers(context, execution);
  return submitted;
}

interface Prepared {
  readonly entry: ChainEntry;
  readonly submission: Submission | undefined;
}

async function prepareEntry(
  context: ServiceContext,
  user: User,
  { entry, options }: { entry: ChainEntry; options: ExecutionOptions },
): Promise<Submission | undefined> {
  if (!entry.trigger) return undefined;
  const { flowParameters } = options;
  return prepareSubmission(context, user, {
    project: await findProject(context, entry.projectName),
    flowId: entry.flowId,
    options: entry.requested ? options : { ...DEFAULT_EXECUTION_OPTIONS, concurrentOption: 'queue', flowParameters },
    source: entry.requested ? 'adhoc' : 'event',
  });
}

async function acceptAll(
  context: ServiceContext,
  stores: Stores,
  prepared: readonly Prepared[],
): Promise<readonly SubmittedChainEntry[]> {
  await stores.executions.lockFlows(prepared.flatMap(({ submission }) => submission ?? []));
  const executions: (Execution | undefined)[] = [];
  for (const { entry, submission } of prepared) {
    const before = entry.waitsFor.flatMap((position) => executions[position] ?? []);
    executions.push(submission && (await acceptNext(context, stores, { entry, submission, before, executions })));
  }
  return prepared.map(({ entry }, position): SubmittedChainEntry => {
    const execution = executions[position];
    return execution === undefined ? entry : { ...entry, execution };
  });
}

async function acceptNext(
  context: ServiceContext,
  stores: Stores,
  {
    entry,
    submission,
    before,
    executions,
  }: {
    entry: ChainEntry;
    submission: Submission;
    before: readonly Execution[];
    executions: readonly (Execution | undefined)[];
  },
): Promise<Execution> {
  const planRoot = executions.find((execution) => execution !== undefined)?.id;
  const led = entry.requested ? [] : before;
  const { execution } = await acceptSubmission(context, stores, {
    ...submission,
    ...(planRoot !== undefined && { planRoot }),
    ...(led.length > 0 && { lineage: lineageAfter(led) }),
  });
  await stores.executions.addWaits(execution.id, { on: before.map(({ id }) => id), needsSuccess: true });
  // The plan uses up what has been heard of the flow's upstreams, as a start by them would.
  if (!entry.requested) await stores.flowDependencies.forgetSuccesses(entry.projectId, entry.flowId);
  return execution;
}
