import express, { type ErrorRequestHandler, type Express } from 'express';
import type { Dialect } from './dialect.js';
import type { Log } from './kit/log.js';
import { sendFault } from './kit/send-fault.js';

/**
 * The express application of all dialects. Nothing a handler throws reaches a client but a sentence: faults of the
 * request keep theirs, everything else is logged and answered with a plain 500.
 */
export function createHttpApp({ dialects, log }: { dialects: readonly Dialect[]; log: Log }): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  // Dialects read the query themselves, in their API's own way.
  app.set('query parser', false);
  for (const dialect of dialects) dialect.mount(app);
  const onError: ErrorRequestHandler = (error: unknown, request, response, next) => {
    if (response.headersSent) {
      log.error({ err: error, method: request.method, path: request.path }, 'An answer broke off.');
      next(error);
      return;
    }
    sendFault(response, error, { log, method: request.method, path: request.path });
  };
  app.use(onError);
  return app;
}
