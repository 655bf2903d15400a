import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock, User } from '@lockstep/domain';
import type { Services } from '@lockstep/services';
import type { Parameters } from '../kit/parameters.js';
import type { CompleteAzkabanOptions } from './options.js';

/** What every handler of the dialect can use. */
export interface Environment {
  readonly services: Services;
  readonly clock: Clock;
  readonly options: CompleteAzkabanOptions;
  /** Epoch milliseconds as `yyyy-MM-dd HH:mm:ss` in the server's zone; `-` when there is no time. */
  readonly formatTime: (at: number | undefined) => string;
}

/** One request and its answer, before anybody asked who it is. */
export interface Exchange extends Environment {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Without query, path parameters and trailing slash; the root is `/`. */
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
  readonly parameters: Parameters;
  readonly cookies: ReadonlyMap<string, string>;
}

/** A request of somebody who has logged in (or has sent name and password with it). */
export interface UserExchange extends Exchange {
  readonly user: User;
}
