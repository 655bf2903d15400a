import type { ErrorKind } from '@lockstep/domain';

/** What each kind of error is in HTTP, for the APIs and places that say it with a status code. */
export const HTTP_STATUS: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  'not-allowed': 403,
  'not-found': 404,
  conflict: 409,
  unavailable: 503,
};
