/** The right to run one execution: every write carries it, and a write with an older ticket does nothing. */
export interface Lease {
  readonly executionId: number;
  readonly workerId: string;
  /** Grows by one with every claim of the execution. */
  readonly ticket: number;
}
