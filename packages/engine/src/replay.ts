import type { ExecutionEvent, ExecutionPlan, ExecutionState } from '@lockstep/domain';
import { initialState } from './initial-state.js';
import { transition } from './transition.js';

/** The state that these events led to: how a worker takes up an execution another one has begun. */
export function replay(plan: ExecutionPlan, events: Iterable<ExecutionEvent>): ExecutionState {
  const state = initialState(plan);
  for (const event of events) transition(plan, state, event);
  return state;
}
