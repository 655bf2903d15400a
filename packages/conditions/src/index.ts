export { conditionErrors, validateCondition } from './validate-condition.js';
export type { ConditionToValidate } from './validate-condition.js';
export type { FlowParameters } from './condition-reference.js';
export { parseCondition } from './parse-condition.js';
export { evaluateCondition } from './evaluate-condition.js';
export type { ConditionValues } from './evaluate-condition.js';
export { macroHolds } from './macros.js';
export type { DependencyCounts } from './macros.js';
