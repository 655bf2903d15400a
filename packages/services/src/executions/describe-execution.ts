import type { AttemptRecord, Execution, ExecutionPlan, User } from '@lockstep/domain';
import { initialState } from '@lockstep/engine';
import type { ServiceContext } from '../context.js';
import type { ExecutionDetail } from '../services.js';
import { describeRetries } from './describe-retries.js';
import { findExecution } from './find-execution.js';

/** The engine's word for a node that has not been looked at yet. */
const NEVER = 0;

/** READ. The execution with its graph, and for each node of it the current attempt and those before. */
export async function describeExecution(context: ServiceContext, user: User, id: number): Promise<ExecutionDetail> {
  const execution = await findExecution(context, user, id);
  const [nodes, retries] = await Promise.all([
    describeNodes(context, execution),
    describeRetries(context.stores, execution),
  ]);
  return { execution, ...nodes, ...(retries && { retries }) };
}

/** The graph of an execution, and for each node of it the current attempt and those before. */
export async function describeNodes(
  { plans, stores }: Pick<ServiceContext, 'plans' | 'stores'>,
  execution: Execution,
): Promise<Pick<ExecutionDetail, 'plan' | 'current' | 'pastAttempts'>> {
  const [plan, attempts] = await Promise.all([plans.planOf(execution), stores.executions.attemptsOf(execution.id)]);
  return { plan, ...placeAttempts({ execution, plan, attempts }) };
}

/** Sorts the attempts under the nodes of the plan, and fills in the nodes nothing has happened to. */
function placeAttempts({
  execution,
  plan,
  attempts,
}: {
  execution: Execution;
  plan: ExecutionPlan;
  attempts: readonly AttemptRecord[];
}): Pick<ExecutionDetail, 'current' | 'pastAttempts'> {
  const byNestedId = groupByNestedId(attempts);
  const { nodes: untouched } = initialState(plan);
  const pastAttempts = new Map<number, readonly AttemptRecord[]>();

  const current = plan.nodes.map(({ index, nestedId }): AttemptRecord => {
    if (index === 0) return attemptOfExecution(execution);
    const all = byNestedId.get(nestedId) ?? [];
    const latest = all.at(-1);
    if (all.length > 1) pastAttempts.set(index, all.slice(0, -1));
    const status = untouched[index]?.status ?? 'READY';
    return latest ?? { nestedId, attempt: 0, status, updatedAt: NEVER };
  });
  return { current, pastAttempts };
}

function groupByNestedId(attempts: readonly AttemptRecord[]): ReadonlyMap<string, readonly AttemptRecord[]> {
  const groups = new Map<string, AttemptRecord[]>();
  for (const record of attempts) {
    const group = groups.get(record.nestedId);
    if (group === undefined) groups.set(record.nestedId, [record]);
    else group.push(record);
  }
  for (const group of groups.values()) group.sort((one, other) => one.attempt - other.attempt);
  return groups;
}

function attemptOfExecution({ status, startedAt, endedAt, updatedAt }: Execution): AttemptRecord {
  return {
    nestedId: '',
    attempt: 0,
    status,
    ...(startedAt !== undefined && { startedAt }),
    ...(endedAt !== undefined && { endedAt }),
    updatedAt,
  };
}
