import {
  isFinished,
  type AttemptRecord,
  type Command,
  type ExecutionEvent,
  type ExecutionEventType,
  type ExecutionPlan,
  type ExecutionState,
} from '@lockstep/domain';
import { HANDLERS } from './handlers/index.js';
import { fillSlots } from './rules/fill-slots.js';
import { settle } from './rules/settle.js';
import { rootState, type Step } from './step.js';

export interface Transition {
  /** Indices of the nodes whose current record has changed (0 = the execution's own row). */
  readonly touched: ReadonlySet<number>;
  /** Records of attempts that a retry has superseded. */
  readonly closed: readonly AttemptRecord[];
  /** What is to be done, once the change is durable. */
  readonly commands: readonly Command[];
}

/**
 * Applies one event. Deterministic: no clock, no I/O, the same events give the same state and commands. The state is
 * changed in place (its owner is the one runner that holds the lease), so that an event costs as much as it changes,
 * whatever the size of the flow. Events about things that are over are ignored.
 */
export function transition(plan: ExecutionPlan, state: ExecutionState, event: ExecutionEvent): Transition {
  const step: Step = { plan, state, at: event.at, touched: new Set(), closed: [], commands: [], work: [] };
  if (isFinished(rootState(step).status)) return step;
  handle(step, event);
  settle(step);
  fillSlots(step);
  return step;
}

function handle<Type extends ExecutionEventType>(step: Step, event: ExecutionEvent & { readonly type: Type }): void {
  (HANDLERS[event.type] as (step: Step, event: ExecutionEvent) => void)(step, event);
}
