import { DomainError } from '@lockstep/domain';
import type { ServiceContext } from '../context.js';

/** What Lockstep does by itself appears in event logs under this name. */
const SYSTEM = 'lockstep';

/**
 * The answer of `start`, or undefined when it is refused: the reason then stands in the event log of the project. What
 * may be possible later (a full queue) is thrown on.
 */
export async function unlessRefused<Result>(
  { stores, clock, log }: Pick<ServiceContext, 'stores' | 'clock' | 'log'>,
  { projectId, what }: { projectId: number; what: string },
  start: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await start();
  } catch (error) {
    if (!(error instanceof DomainError) || error.kind === 'unavailable') throw error;
    const message = `${what}: ${error.message}`;
    log.warn({ err: error, projectId }, message);
    await stores.projects.addEvent({ projectId, at: clock.now(), user: SYSTEM, type: 'ERROR', message });
    return undefined;
  }
}
