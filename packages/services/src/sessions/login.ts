import { DomainError } from '@lockstep/domain';
import type { Session, User } from '@lockstep/domain';
import type { ServiceContext } from '../context.js';
import { authenticate } from './authenticate.js';

/** Opens a session; those the user has already stay open. Throws `user.*` or `session.too-many`. */
export async function login(
  context: ServiceContext,
  { address, ...credentials }: { username: string; password: string; address: string },
): Promise<Session> {
  const { clock, stores, limits, newSessionId } = context;
  const user = await authenticate(context, credentials);
  await assertMayOpenSession(context, { user, address });
  const session: Session = { id: newSessionId(), user, address, createdAt: clock.now() };
  await stores.sessions.add(session, { maxSessions: limits.maxSessions });
  return session;
}

async function assertMayOpenSession(
  { stores, clock, limits }: ServiceContext,
  { user, address }: { user: User; address: string },
): Promise<void> {
  const limit = limits.maxSessionsPerUserAndAddress;
  if (limit === undefined) return;
  const open = await stores.sessions.count({
    user: user.name,
    address,
    now: clock.now(),
    timeToLiveMs: limits.sessionTimeToLiveMs,
  });
  if (open >= limit) throw new DomainError('session.too-many', { user: user.name, address, limit });
}
