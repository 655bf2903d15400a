/** Channels of PostgreSQL notifications. */
export const CHANNEL = {
  /** Payload: id of an execution that has got a request. */
  request: 'lockstep_request',
  /** Payload: id of an execution that has ended, a space, the code of its status. Sent by `commit_execution` too. */
  execution: 'lockstep_execution',
  /** Payload: id of an execution that does not wait for others any more. */
  released: 'lockstep_released',
  /** Payload: id of an execution that has ended and from which something may follow. */
  ended: 'lockstep_ended',
  /** Payload: id of an execution that others are pipelined behind and that has got further. */
  progress: 'lockstep_progress',
} as const;
