export { planExecution } from './plan/plan-execution.js';
export type { PlanRequest } from './plan/plan-execution.js';
export { initialState } from './initial-state.js';
export { transition } from './transition.js';
export type { Transition } from './transition.js';
export { replay } from './replay.js';
export { recordOf } from './step.js';
