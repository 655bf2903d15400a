import type { Dialect } from '../dialect.js';
import { createTimeFormatter } from '../kit/java-time.js';
import { sendFault } from '../kit/send-fault.js';
import { handleRequest } from './handle-request.js';
import { type AzkabanDialectDependencies, completeOptions } from './options.js';

/**
 * Azkaban's HTTP API as its clients know it: pages, ajax calls, uploads. It answers every path (an unknown one leads to
 * the start page), so it has to be the last dialect of a server.
 */
export function createAzkabanDialect(dependencies: AzkabanDialectDependencies): Dialect {
  const options = completeOptions(dependencies.options);
  const environment = { ...dependencies, options, formatTime: createTimeFormatter(options.timezone) };
  return {
    name: 'azkaban',
    mount(router) {
      router.use(async (request, response, next) => {
        try {
          await handleRequest(environment, request, response);
        } catch (error) {
          if (response.headersSent) next(error);
          else sendFault(response, error, { log: options.log, method: request.method, path: request.path });
        }
      });
    },
  };
}
