import type { QueueBackend } from '../queue-backend.js';

/** A server a queue can live in, that a test may take away and bring back at the same address. */
export interface TestServer {
  backend(options?: { readonly staleAfterMs: number }): QueueBackend;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Deletes all messages behind the back of everybody connected. */
  loseEverything(): Promise<void>;
  /** Ends the server and removes what it left on the disk. */
  dispose(): Promise<void>;
}
