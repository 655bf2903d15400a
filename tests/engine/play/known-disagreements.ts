import type { ExecutionEvent, ExecutionPlan, ExecutionState } from '@lockstep/domain';

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
   * Several attempts lost at once under CANCEL_ALL (open in the specification): the first failure kills, so the others end
   * KILLED. In the engine they do without a pause, but are FAILED during one.
   */
  'a worker is lost with several jobs under CANCEL_ALL during a pause': ({ plan, state, event }) =>
    event.type === 'worker.lost' && event.attempts.length > 1 && state.paused && plan.failureAction === 'CANCEL_ALL',
};

/** The name of the disagreement this event would lead into. */
export function knownDisagreement(situation: Situation): string | undefined {
  return Object.keys(KNOWN_DISAGREEMENTS).find((name) => KNOWN_DISAGREEMENTS[name]?.(situation));
}
