import type { Execution, ExecutionPlan } from '@lockstep/domain';
import { planExecution } from '@lockstep/engine';
import { LRUCache } from 'lru-cache';
import type { LoadedDefinitions } from '../projects/loaded-definitions.js';

/** The graphs of executions, as their runner sees them. */
export interface ExecutionPlans {
  /** Throws `version.not-found`. */
  planOf(execution: Execution): Promise<ExecutionPlan>;
}

/** Nodes of all plans kept: those of one huge flow and some more, or of thousands of small ones. */
const MAX_NODES = 200_000;

/** A plan follows from what never changes (version, flow, options), and pages that poll ask for the same ones again. */
export function createExecutionPlans({
  definitions,
  jobThreads,
}: {
  definitions: LoadedDefinitions;
  jobThreads: number;
}): ExecutionPlans {
  const plans = new LRUCache<number, ExecutionPlan>({
    maxSize: MAX_NODES,
    sizeCalculation: (plan) => plan.nodes.length,
  });

  return {
    async planOf({ id, projectId, projectName, version, flowId, options }) {
      const known = plans.get(id);
      if (known !== undefined) return known;
      const definition = await definitions.load({ projectId, projectName, version });
      const plan = planExecution({ definition, flowId, options, jobThreads });
      plans.set(id, plan);
      return plan;
    },
  };
}
