import { evaluateCondition, macroHolds } from '@lockstep/conditions';
import { nodeState, planNode, type Step } from '../step.js';

/** Whether a node may run, all its direct dependencies having finished. */
export function conditionHolds(step: Step, index: number): boolean {
  const { condition } = planNode(step, index);
  if (!dependenciesAllow(step, index)) return false;
  if (condition?.expression === undefined) return true;
  return evaluateCondition(condition, {
    outputOf: (job, param) => outputOfSibling(step, index, job, param),
    parameter: (name) => step.plan.flowParameters[name],
  });
}

function dependenciesAllow(step: Step, index: number): boolean {
  const { dependencies, condition } = planNode(step, index);
  const { successfulDependencies, failedDependencies } = nodeState(step, index);
  return macroHolds(condition?.macro ?? 'all_success', {
    dependencies: dependencies.length,
    successes: successfulDependencies,
    failures: failedDependencies,
  });
}

/** The job named need not be a direct dependency; if it has not run there is no such output. */
function outputOfSibling(step: Step, index: number, job: string, param: string): string | undefined {
  const parent = planNode(step, planNode(step, index).parent ?? 0);
  const sibling = step.plan.indexOf.get(parent.nestedId === '' ? job : `${parent.nestedId}:${job}`);
  return sibling === undefined ? undefined : ownValue(nodeState(step, sibling).outputs, param);
}

/** Output names come from users: `constructor` must not find the one of Object. */
function ownValue(values: Readonly<Record<string, string>> | undefined, key: string): string | undefined {
  return values !== undefined && Object.hasOwn(values, key) ? values[key] : undefined;
}
