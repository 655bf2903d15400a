import type { Execution, Stores } from '@lockstep/domain';
import type { ExecutionRetries } from '../services.js';
import { maxRetriesOf, retryStatusWords, retryStrategyOf } from './retry-rule.js';

/** How the whole execution is tried again; undefined when its options do not ask for that. */
export async function describeRetries(
  { executions }: Pick<Stores, 'executions'>,
  { id, options, retryOf, retryRoot }: Execution,
): Promise<ExecutionRetries | undefined> {
  const { flowParameters } = options;
  const statuses = retryStatusWords(flowParameters);
  if (statuses.length === 0) return undefined;

  const chain = await executions.retriesOf(retryRoot ?? id);
  const child = chain.find((execution) => execution.retryOf === id);
  return {
    statuses: statuses.join(','),
    strategy: retryStrategyOf(flowParameters),
    count: automaticRetries(chain, id),
    max: maxRetriesOf(flowParameters),
    ...(retryRoot !== undefined && { root: retryRoot }),
    ...(retryOf !== undefined && { parent: retryOf }),
    ...(child && { child: child.id }),
  };
}

/** How many retries lie between an execution and the one before it that somebody has started. */
function automaticRetries(chain: readonly Execution[], id: number): number {
  const byId = new Map(chain.map((execution) => [execution.id, execution]));
  let count = 0;
  for (let at = byId.get(id); at?.source === 'retry'; at = byId.get(at.retryOf ?? 0)) count++;
  return count;
}
