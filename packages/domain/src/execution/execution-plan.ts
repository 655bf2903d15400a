import type { FailureAction } from '../project.js';
import type { Condition } from './condition.js';

/**
 * How an execution will run: made once from a flow and its options, immutable. Nested flows are expanded, so a node is
 * named by its index; index 0 is the execution itself (the root flow).
 */
export interface ExecutionPlan {
  readonly nodes: readonly PlanNode[];
  readonly failureAction: FailureAction;
  /** How many jobs may run at the same time. */
  readonly jobThreads: number;
  readonly notifyOnFirstFailure: boolean;
  /** Values `${name}` in a condition can use besides outputs. */
  readonly flowParameters: Readonly<Record<string, string>>;
  /** Set when the execution is pipelined behind another one. */
  readonly pipelineExecutionId?: number;
  /** The execution is killed when it has run this long. */
  readonly timeoutMs?: number;
  /** Nested id → index; the root is ''. */
  readonly indexOf: ReadonlyMap<string, number>;
}

export interface PlanNode {
  readonly index: number;
  /** `outer:inner`; '' for the root. */
  readonly nestedId: string;
  readonly id: string;
  readonly type: string;
  readonly kind: 'job' | 'flow';
  /** Index of the enclosing flow; undefined for the root. */
  readonly parent?: number;
  /** Indices of siblings, in declared order. */
  readonly dependencies: readonly number[];
  readonly dependants: readonly number[];
  /** For flows: all direct children, those without dependencies, those without dependants. */
  readonly children: readonly number[];
  readonly startNodes: readonly number[];
  readonly endNodes: readonly number[];
  readonly disabled: boolean;
  /** Undefined = all_success. */
  readonly condition?: Condition;
  /** Nested ids of the older execution that have to finish first (pipelining). */
  readonly waitsFor: readonly string[];
  /** The definition it came from: the flow that contains it, and its job. */
  readonly flowId: string;
  readonly jobKey: string;
  /** For flows: the definition that is embedded. */
  readonly embeddedFlowId?: string;
}
