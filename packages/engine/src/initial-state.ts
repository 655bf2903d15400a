import type { ExecutionPlan, ExecutionState, NodeState, PlanNode } from '@lockstep/domain';

/** The state of an execution nothing has happened to: PREPARING, its jobs READY or DISABLED. */
export function initialState(plan: ExecutionPlan): ExecutionState {
  return {
    nodes: plan.nodes.map(initialNode),
    failed: false,
    killed: false,
    paused: false,
    statusBeforePause: 'PREPARING',
    deferred: [],
    slotQueue: [],
    slotQueueHead: 0,
    runningJobs: 0,
    upstreamFinished: new Set(),
    upstreamEnded: false,
    upstreamWaiters: new Map(),
  };
}

function initialNode(node: PlanNode): NodeState {
  return {
    status: node.index === 0 ? 'PREPARING' : node.disabled ? 'DISABLED' : 'READY',
    attempt: 0,
    startedAt: undefined,
    endedAt: undefined,
    updatedAt: undefined,
    outputs: undefined,
    waiting: undefined,
    dueAt: undefined,
    backoffMs: 0,
    pendingDependencies: node.dependencies.length,
    successfulDependencies: 0,
    failedDependencies: 0,
    pendingChildren: node.children.length,
    badEnds: 0,
    pendingUpstream: 0,
    deferredFailure: undefined,
  };
}
