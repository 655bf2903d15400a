import {
  type ExecutionEvent,
  type ExecutionPlan,
  type ExecutionState,
  isFailure,
  type RetryPolicy,
} from '@lockstep/domain';

interface Situation {
  readonly plan: ExecutionPlan;
  readonly state: ExecutionState;
  readonly event: ExecutionEvent;
}

/**
 * Situations in which engine and oracle are known to disagree. They are not played: an event that would lead into one is
 * left out. Once the engine follows the rule, its entry goes and the situation is tested like all others.
 */
const KNOWN_DISAGREEMENTS: Readonly<Record<string, (situation: Situation) => boolean>> = {
  /**
   * Section 3.6: a job that FAILS under CANCEL_ALL during a pause "ends the pause and kills at once". The engine ends the
   * pause for every failed attempt, also for one that is tried again or does not fail the flow, and then kills nothing.
   */
  'a failure that kills nothing ends a pause under CANCEL_ALL': (situation) => {
    const { plan, state } = situation;
    return (
      state.paused &&
      plan.failureAction === 'CANCEL_ALL' &&
      failuresOf(situation).some((failure) => canRetry(state, failure) || !failsTheFlow(plan, failure.node))
    );
  },

  /**
   * Several attempts lost at once under CANCEL_ALL (open in the specification): the first failure kills, so the others end
   * KILLED. In the engine they do without a pause, but are FAILED during one.
   */
  'a worker is lost with several jobs under CANCEL_ALL during a pause': ({ plan, state, event }) =>
    event.type === 'worker.lost' && event.attempts.length > 1 && state.paused && plan.failureAction === 'CANCEL_ALL',

  /**
   * Section 3.4: a retry left over when a kill comes ends CANCELLED, as the next attempt. In the engine an attempt that
   * failed during a pause stays FAILED when the kill ends the pause.
   */
  'a kill finds a failed attempt of a pause that has retries left': ({ state, event }) =>
    isKill(event) &&
    state.nodes.some(
      ({ deferredFailure, attempt }) =>
        deferredFailure !== undefined && deferredFailure !== 'none' && deferredFailure.retries > attempt,
    ),

  /**
   * Section 3.6: retry-failed is allowed while the execution is alive. The engine first lets the results of the pause have
   * all their consequences: handlers of the failure start, and the execution may end before anything is retried.
   */
  'retry-failed finds results of a pause': ({ state, event }) =>
    event.type === 'retry-failed.requested' && state.paused && state.deferred.some((node) => node !== 0),

  /**
   * A kill ends KILLED. When the start was put off by a pause, the engine starts the flow after the kill, which makes it
   * RUNNING again; without a CANCELLED end node it ends SUCCEEDED.
   */
  'a kill finds a start put off by a pause, and all end nodes disabled': ({ plan, state, event }) =>
    isKill(event) &&
    state.deferred.includes(0) &&
    (plan.nodes[0]?.endNodes ?? []).every((end) => plan.nodes[end]?.disabled),

  /** Section 3.4: the job killed by an SLA makes FAILED_FINISHING flows KILLED too; in the engine the first mark stays. */
  'an SLA kills a job after another one has failed the flow': (situation) => {
    const { plan, state, event } = situation;
    return (
      event.type === 'node.finished' &&
      event.result === 'killed-by-sla' &&
      failuresOf(situation).some((failure) => !canRetry(state, failure) && failsTheFlow(plan, failure.node)) &&
      (state.failed || state.nodes.some(({ deferredFailure }) => deferredFailure !== undefined))
    );
  },

  /** Section 3.5: KILLED stays KILLED. In the engine a pause and resume turn the mark of an SLA into FAILED_FINISHING. */
  'a pause of an execution marked by an SLA': ({ state, event }) =>
    event.type === 'pause.requested' && !state.killed && state.nodes[0]?.status === 'KILLING',

  /** Section 3.6: KILLED embedded flows are entered; the engine passes over one that an SLA has marked KILLING. */
  'retry-failed finds an embedded flow marked by an SLA': ({ plan, state, event }) =>
    event.type === 'retry-failed.requested' &&
    plan.nodes.some(({ index, kind }) => index > 0 && kind === 'flow' && state.nodes[index]?.status === 'KILLING'),

  /**
   * A job tried again upstream of something that has begun already: in the engine the flow ends while the job runs (its end
   * nodes are through), or never ends (nobody tells it again). The oracle ends a flow when all its nodes are through.
   */
  'retry-failed reopens a node whose dependants have begun': ({ plan, state, event }) =>
    event.type === 'retry-failed.requested' &&
    plan.nodes.some(
      ({ index, dependants }) =>
        index > 0 && isReopened(state, index) && dependants.some((dependant) => hasBegun(plan, state, dependant)),
    ),
};

/** The name of the disagreement this event would lead into. */
export function knownDisagreement(situation: Situation): string | undefined {
  return Object.keys(KNOWN_DISAGREEMENTS).find((name) => KNOWN_DISAGREEMENTS[name]?.(situation));
}

function isKill(event: ExecutionEvent): boolean {
  return event.type === 'cancel.requested' || (event.type === 'timer.fired' && event.node === 0);
}

interface Failure {
  readonly node: number;
  readonly attempt: number;
  readonly policy?: RetryPolicy;
}

/** The running attempts whose failure the event tells. */
function failuresOf({ state, event }: Situation): readonly Failure[] {
  const failures: readonly Failure[] =
    event.type === 'worker.lost'
      ? event.attempts
      : event.type === 'node.finished' && event.result !== 'succeeded'
        ? [event]
        : [];
  const bySla = event.type === 'node.finished' && event.result === 'killed-by-sla';
  return failures.filter(
    ({ node, attempt, policy }) =>
      state.nodes[node]?.status === 'RUNNING' &&
      state.nodes[node].attempt === attempt &&
      (bySla || policy?.succeedOnFailure !== true),
  );
}

function canRetry(state: ExecutionState, { node, policy }: Failure): boolean {
  return (policy?.retries ?? 0) > (state.nodes[node]?.attempt ?? 0);
}

function failsTheFlow(plan: ExecutionPlan, node: number): boolean {
  const dependants = plan.nodes[node]?.dependants ?? [];
  const macros = dependants.map((dependant) => plan.nodes[dependant]?.condition?.macro ?? 'all_success');
  return dependants.length === 0 || macros.includes('all_success');
}

function isReopened(state: ExecutionState, index: number): boolean {
  const status = state.nodes[index]?.status ?? 'READY';
  return isFailure(status) || status === 'SKIPPED' || status === 'FAILED_FINISHING';
}

/** It will not be READY or DISABLED after a retry by hand; an embedded flow that is entered goes on as it is. */
function hasBegun(plan: ExecutionPlan, state: ExecutionState, index: number): boolean {
  const status = state.nodes[index]?.status ?? 'READY';
  const isReset = plan.nodes[index]?.kind === 'job' && isReopened(state, index);
  return !isReset && !['READY', 'DISABLED', 'CANCELLED', 'SKIPPED'].includes(status);
}
