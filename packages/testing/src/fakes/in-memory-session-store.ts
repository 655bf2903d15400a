import type { Session, SessionStore } from '@lockstep/domain';

interface StoredSession {
  readonly session: Session;
  readonly lastUsedAt: number;
}

export class InMemorySessionStore implements SessionStore {
  #sessions = new Map<string, StoredSession>();

  async add(session: Session, { maxSessions }: { maxSessions: number }): Promise<void> {
    this.#sessions.set(session.id, { session, lastUsedAt: session.createdAt });
    const byUse = [...this.#sessions].sort(([, a], [, b]) => b.lastUsedAt - a.lastUsedAt);
    this.#sessions = new Map(byUse.slice(0, maxSessions));
  }

  async touch(id: string, use: { now: number; timeToLiveMs: number }): Promise<Session | undefined> {
    const stored = this.#sessions.get(id);
    if (stored === undefined || !isAlive(stored, use)) return undefined;
    this.#sessions.set(id, { ...stored, lastUsedAt: Math.max(stored.lastUsedAt, use.now) });
    return stored.session;
  }

  async remove(id: string): Promise<void> {
    this.#sessions.delete(id);
  }

  async count(of: { user: string; address: string; now: number; timeToLiveMs: number }): Promise<number> {
    return [...this.#sessions.values()].filter(
      (stored) => stored.session.user.name === of.user && stored.session.address === of.address && isAlive(stored, of),
    ).length;
  }

  async expire(use: { now: number; timeToLiveMs: number }): Promise<number> {
    const expired = [...this.#sessions].filter(([, stored]) => !isAlive(stored, use));
    for (const [id] of expired) this.#sessions.delete(id);
    return expired.length;
  }

  /** Returns a function that brings back what is stored now. */
  snapshot(): () => void {
    const sessions = new Map(this.#sessions);
    return () => void (this.#sessions = sessions);
  }
}

function isAlive({ lastUsedAt }: StoredSession, use: { now: number; timeToLiveMs: number }): boolean {
  return lastUsedAt > use.now - use.timeToLiveMs;
}
