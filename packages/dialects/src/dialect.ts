import type { Router } from 'express';

/** One HTTP API of the server. */
export interface Dialect {
  readonly name: string;
  /** Adds the API's routes. What a dialect does not answer it must leave to the next one. */
  mount(router: Router): void;
}
