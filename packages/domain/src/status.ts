/**
 * Every status an execution or a node of it can have, with Azkaban's numeric code (the history filter and stored rows use it).
 * This table is the one place that says what "finished", "failed" and "succeeded" mean.
 */
export const STATUS = {
  READY: { code: 10, finished: false, outcome: undefined, flowFinal: false },
  DISPATCHING: { code: 15, finished: false, outcome: undefined, flowFinal: false },
  PREPARING: { code: 20, finished: false, outcome: undefined, flowFinal: false },
  RUNNING: { code: 30, finished: false, outcome: undefined, flowFinal: false },
  PAUSED: { code: 40, finished: false, outcome: undefined, flowFinal: false },
  SUCCEEDED: { code: 50, finished: true, outcome: 'success', flowFinal: true },
  KILLING: { code: 55, finished: false, outcome: undefined, flowFinal: false },
  KILLED: { code: 60, finished: true, outcome: 'failure', flowFinal: true },
  EXECUTION_STOPPED: { code: 65, finished: true, outcome: undefined, flowFinal: true },
  FAILED: { code: 70, finished: true, outcome: 'failure', flowFinal: true },
  FAILED_FINISHING: { code: 80, finished: false, outcome: undefined, flowFinal: false },
  SKIPPED: { code: 90, finished: true, outcome: 'success', flowFinal: false },
  DISABLED: { code: 100, finished: false, outcome: undefined, flowFinal: false },
  QUEUED: { code: 110, finished: false, outcome: undefined, flowFinal: false },
  FAILED_SUCCEEDED: { code: 120, finished: true, outcome: 'success', flowFinal: false },
  CANCELLED: { code: 125, finished: true, outcome: 'failure', flowFinal: false },
} as const satisfies Record<string, StatusFacts>;

interface StatusFacts {
  readonly code: number;
  /** The node (or execution) will not change any more. */
  readonly finished: boolean;
  /** Which set a finished dependency falls into when its dependants ask. */
  readonly outcome: 'success' | 'failure' | undefined;
  /** An execution can end with it. */
  readonly flowFinal: boolean;
}

export type Status = keyof typeof STATUS;

/** All statuses in the order of their codes. */
export const STATUSES = Object.keys(STATUS) as readonly Status[];

/** The statuses an execution can end with. */
export const FINAL_EXECUTION_STATUSES = STATUSES.filter((status) => STATUS[status].flowFinal);

/** The statuses of an execution that has not ended: it counts as running for `getRunning`, limits and retention. */
export const UNFINISHED_EXECUTION_STATUSES = STATUSES.filter((status) => !STATUS[status].flowFinal);

export function isFinished(status: Status): boolean {
  return STATUS[status].finished;
}

/** SUCCEEDED, FAILED_SUCCEEDED and SKIPPED: what lets a plain dependant start. */
export function isSuccess(status: Status): boolean {
  return STATUS[status].outcome === 'success';
}

/** FAILED, KILLED and CANCELLED: what `all_failed` and `one_failed` look for. */
export function isFailure(status: Status): boolean {
  return STATUS[status].outcome === 'failure';
}

/** The status of a stored code; an unknown code reads as READY, as in Azkaban. */
export function statusOfCode(code: number): Status {
  return STATUSES.find((status) => STATUS[status].code === code) ?? 'READY';
}
