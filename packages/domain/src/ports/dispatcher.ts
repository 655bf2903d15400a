/** Tells workers to look at an execution. Losing every message loses no work: a sweep sends again what is due. */
export interface Dispatcher {
  /**
   * `ticket` = how often the execution has been claimed; makes a repeated nudge after a worker's death a new message.
   * Among waiting executions a higher `priority` (0 by default) is looked at first. Never rejects for a queue that is away.
   */
  nudge(execution: { executionId: number; ticket: number; priority?: number }): Promise<void>;
  close(): Promise<void>;
}
