/**
 * Executions that have ended and from which something may follow: a retry of the whole, the start of flows that come
 * after them. An end is noted in the transaction that ends the execution.
 */
export interface ExecutionEndStore {
  /**
   * Inside a transaction: an execution that has ended, the one that has been due longest. Nobody else gets it while the
   * transaction is open, and nobody ever again once it commits; if it does not, the end is there as before. Undefined
   * when there is nothing to do.
   */
  take(): Promise<number | undefined>;
  /** After a failure: not to be taken for a while, longer each time. Harmless when somebody else has dealt with it. */
  putOff(executionId: number): Promise<void>;
  /**
   * Inside the transaction that takes the end: whoever waited for the success of `from` waits for that of `to`, the next
   * try of it.
   */
  handOverWaits(waits: { readonly from: number; readonly to: number }): Promise<void>;
  /** Inside that transaction: there is no next try. Whoever waited for the success of the execution is KILLED, unstarted. */
  failWaits(executionId: number): Promise<void>;
}
