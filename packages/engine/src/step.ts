import type {
  AttemptRecord,
  Command,
  ExecutionPlan,
  ExecutionState,
  NodeState,
  PlanNode,
  Status,
} from '@lockstep/domain';

/** The work in hand while one event is applied: what it touches, what it asks for, what is still to be looked at. */
export interface Step {
  readonly plan: ExecutionPlan;
  readonly state: ExecutionState;
  readonly at: number;
  /** Nodes whose record has changed. */
  readonly touched: Set<number>;
  /** Attempts that a retry has closed; their records do not change any more. */
  readonly closed: AttemptRecord[];
  readonly commands: Command[];
  /** What is still to be looked at: a work list instead of recursion, for chains of any length. See `settle`. */
  readonly work: Work[];
}

export type Work =
  /** Its dependencies may be through, or it is to be tried again. */
  | { readonly kind: 'examine'; readonly node: number }
  /** It has finished: its dependants, or the flow it ends, have to know. */
  | { readonly kind: 'tell'; readonly node: number }
  /** A flow whose nodes have been counted anew: it may be through. */
  | { readonly kind: 'end-flow'; readonly node: number }
  /** It finished during a pause that is over. */
  | { readonly kind: 'act-on-deferred'; readonly node: number };

export function toExamine(step: Step, node: number): void {
  step.work.push({ kind: 'examine', node });
}

export function toTell(step: Step, node: number): void {
  step.work.push({ kind: 'tell', node });
}

export function planNode(step: Step, index: number): PlanNode {
  const node = step.plan.nodes[index];
  if (node === undefined) throw new RangeError(`The plan has no node ${index}.`);
  return node;
}

export function nodeState(step: Step, index: number): NodeState {
  const node = step.state.nodes[index];
  if (node === undefined) throw new RangeError(`The state has no node ${index}.`);
  return node;
}

export function rootState(step: Step): NodeState {
  return nodeState(step, 0);
}

export function setStatus(step: Step, index: number, status: Status): void {
  const node = nodeState(step, index);
  node.status = status;
  node.updatedAt = step.at;
  step.touched.add(index);
}

/** The record of a node's current attempt, as it is stored. */
export function recordOf(plan: ExecutionPlan, state: ExecutionState, index: number): AttemptRecord {
  const node = state.nodes[index] as NodeState;
  return {
    nestedId: (plan.nodes[index] as PlanNode).nestedId,
    attempt: node.attempt,
    status: node.status,
    ...(node.startedAt === undefined ? {} : { startedAt: node.startedAt }),
    ...(node.endedAt === undefined ? {} : { endedAt: node.endedAt }),
    updatedAt: node.updatedAt ?? 0,
    ...(node.outputs === undefined ? {} : { outputs: node.outputs }),
  };
}
