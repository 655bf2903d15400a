import { isDeepStrictEqual } from 'node:util';
import {
  type AttemptRecord,
  type ExecutionEvent,
  type ExecutionPlan,
  isFailure,
  isFinished,
  isSuccess,
} from '@lockstep/domain';
import type { ExecutionState, PlanNode } from '@lockstep/domain';
import { recordOf, type Transition } from '@lockstep/engine';

/** One event and what the engine made of it. */
export interface Step {
  readonly plan: ExecutionPlan;
  readonly event: ExecutionEvent;
  readonly before: readonly AttemptRecord[];
  readonly state: ExecutionState;
  readonly transition: Transition;
}

export function recordsOf(plan: ExecutionPlan, state: ExecutionState): readonly AttemptRecord[] {
  return plan.nodes.map(({ index }) => recordOf(plan, state, index));
}

/** Every rule looks at one step; its name is what a failing run says. They know nothing of the oracle. */
export const INVARIANTS: Readonly<Record<string, (step: Step) => void>> = {
  'nothing starts before its dependencies allow it': ({ plan, event, before, state }) => {
    for (const node of plan.nodes.slice(1)) {
      const was = before[node.index] as AttemptRecord;
      const now = state.nodes[node.index] as ExecutionState['nodes'][number];
      // Queued is begun: what is QUEUED may run whatever happens to its dependencies afterwards (a retry by hand).
      const begins = isActive(now.status) && (!isActive(was.status) || was.attempt !== now.attempt);
      // An embedded flow that a retry by hand enters has begun before.
      const isEntered = event.type === 'retry-failed.requested' && node.kind === 'flow' && was.startedAt !== undefined;
      if (begins && !isEntered) expectAllowed(plan, state, node);
    }
  },

  'a finished status never changes, except through a retry': ({ plan, event, before, state }) => {
    if (event.type === 'retry-failed.requested') return;
    for (const { index, nestedId } of plan.nodes) {
      const was = before[index] as AttemptRecord;
      const now = state.nodes[index] as ExecutionState['nodes'][number];
      if (!isFinished(was.status) || was.status === now.status) continue;
      const retried = isFailure(was.status) && now.attempt === was.attempt + 1;
      if (!retried) throw new Error(`${nestedId || 'the execution'} went from ${was.status} to ${now.status}`);
    }
  },

  'attempts only grow, one by one, and the superseded ones are handed out': ({ plan, before, state, transition }) => {
    for (const { index, nestedId } of plan.nodes) {
      const was = before[index] as AttemptRecord;
      const now = state.nodes[index] as ExecutionState['nodes'][number];
      if (now.attempt === was.attempt) continue;
      if (now.attempt !== was.attempt + 1)
        throw new Error(`${nestedId} went from attempt ${was.attempt} to ${now.attempt}`);
      const closed = transition.closed.filter((record) => record.nestedId === nestedId);
      if (closed.length !== 1 || closed[0]?.attempt !== was.attempt || !isFailure(closed[0].status)) {
        throw new Error(`attempt ${was.attempt} of ${nestedId} was closed as ${JSON.stringify(closed)}`);
      }
    }
  },

  'every changed record is named': ({ plan, before, state, transition: { touched } }) => {
    for (const { index, nestedId } of plan.nodes) {
      if (!touched.has(index) && !isDeepStrictEqual(before[index], recordOf(plan, state, index))) {
        throw new Error(`${nestedId || 'the execution'} has changed and is not among the touched nodes`);
      }
    }
  },

  'at most as many jobs run as there are threads': ({ plan, state }) => {
    const running = plan.nodes.filter(({ index, kind }) => {
      const status = state.nodes[index]?.status;
      return kind === 'job' && (status === 'RUNNING' || status === 'KILLING');
    });
    if (running.length > plan.jobThreads) {
      throw new Error(`${running.map(({ nestedId }) => nestedId).join(', ')} run on ${plan.jobThreads} threads`);
    }
  },

  'a job that is being killed is told so': ({ plan, before, state, transition: { commands } }) => {
    for (const { index, nestedId, kind } of plan.nodes) {
      if (kind === 'flow' || state.nodes[index]?.status !== 'KILLING' || before[index]?.status === 'KILLING') continue;
      if (!commands.some((command) => command.type === 'kill-node' && command.node === index)) {
        throw new Error(`${nestedId} is KILLING and nobody told it`);
      }
    }
  },

  'the end of the execution is told with the event that ends it': ({ before, state, transition: { commands } }) => {
    const ends = !isFinished(before[0]?.status ?? 'READY') && isFinished(state.nodes[0]?.status ?? 'READY');
    const told = commands.filter(({ type }) => type === 'finish-execution').length;
    const notified = commands.filter((command) => command.type === 'notify' && command.about === 'finished').length;
    if (told !== (ends ? 1 : 0) || notified !== told) {
      throw new Error(`the execution ${ends ? 'ends' : 'does not end'}, commands are ${JSON.stringify(commands)}`);
    }
  },

  'once the execution has ended no event changes anything': ({ plan, before, state, transition: { commands } }) => {
    if (!isFinished(before[0]?.status ?? 'READY')) return;
    if (commands.length > 0) throw new Error(`commands came: ${JSON.stringify(commands)}`);
    if (!isDeepStrictEqual(before, recordsOf(plan, state))) throw new Error('records changed');
  },
};

function isActive(status: string): boolean {
  return status === 'QUEUED' || status === 'RUNNING' || status === 'FAILED_FINISHING';
}

function expectAllowed(plan: ExecutionPlan, state: ExecutionState, node: PlanNode): void {
  const statuses = node.dependencies.map((index) => state.nodes[index]?.status ?? 'READY');
  const allowed =
    statuses.every(isFinished) &&
    {
      all_success: statuses.every(isSuccess),
      all_failed: statuses.every(isFailure),
      all_done: true,
      one_success: statuses.some(isSuccess),
      one_failed: statuses.some(isFailure),
    }[node.condition?.macro ?? 'all_success'];
  if (!allowed) throw new Error(`${node.nestedId} begins although its dependencies are ${statuses.join(', ')}`);
  if (node.disabled) throw new Error(`${node.nestedId} is disabled and begins`);
  const parent = state.nodes[node.parent ?? 0];
  if (
    parent !== undefined &&
    (parent.status === 'READY' || parent.status === 'DISABLED' || parent.status === 'SKIPPED')
  ) {
    throw new Error(`${node.nestedId} begins inside a flow that is ${parent.status}`);
  }
}
