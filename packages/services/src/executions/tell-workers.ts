import { priorityOf, type Execution } from '@lockstep/domain';
import type { ServiceContext } from '../context.js';

/** Not waited for: a queue that is down must not hold up, let alone undo, what has been accepted. */
export function tellWorkers({ dispatcher, log }: ServiceContext, { id, options }: Execution): void {
  dispatcher.nudge({ executionId: id, ticket: 0, priority: priorityOf(options) }).catch((error: unknown) => {
    log.warn(
      { err: error, executionId: id },
      'The workers could not be told of an execution; they will be told again.',
    );
  });
}
