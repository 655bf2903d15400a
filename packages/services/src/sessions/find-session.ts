import type { Session } from '@lockstep/domain';
import type { ServiceContext } from '../context.js';

/** The session if it is alive; being asked for keeps it alive. */
export async function findSession(
  { stores, clock, limits }: ServiceContext,
  sessionId: string,
): Promise<Session | undefined> {
  if (sessionId === '') return undefined;
  return stores.sessions.touch(sessionId, { now: clock.now(), timeToLiveMs: limits.sessionTimeToLiveMs });
}
