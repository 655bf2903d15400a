import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Session, SessionStore } from '@lockstep/domain';

const TTL = 3_600_000;

/** What every `SessionStore` promises. */
export function sessionStoreContract(
  name: string,
  open: () => Promise<{ sessions: SessionStore; close(): Promise<void> }>,
): void {
  describe(`${name}, as a session store`, () => {
    let world: Awaited<ReturnType<typeof open>>;
    let start: number;
    let runs = 0;

    beforeAll(async () => {
      world = await open();
    });
    afterAll(() => world.close());
    beforeEach(async () => {
      // Each test has a day of its own, and finds the sessions of the one before expired.
      start = Date.UTC(2026, 0, 1 + runs++);
      await world.sessions.expire({ now: start, timeToLiveMs: TTL });
    });

    const aSession = (id: string, but: Partial<Session> = {}): Session => ({
      id,
      user: { name: 'ann', groups: ['g'], roles: ['admin'], proxyUsers: [] },
      address: '10.0.0.1',
      createdAt: start,
      ...but,
    });
    const add = (id: string, but: Partial<Session> = {}) => world.sessions.add(aSession(id, but), { maxSessions: 100 });
    const touch = (id: string, after: number, timeToLiveMs = TTL) =>
      world.sessions.touch(id, { now: start + after, timeToLiveMs });

    it('finds a session as it was added', async () => {
      await add('a');
      expect(await touch('a', 1_000)).toEqual(aSession('a'));
      expect(await touch('b', 1_000)).toBeUndefined();
      await world.sessions.remove('a');
    });

    it('forgets a session nobody has used for its time to live', async () => {
      await add('a');
      expect(await touch('a', TTL)).toBeUndefined();
    });

    it('starts the time to live again with every use', async () => {
      await add('a');
      for (const after of [0.9, 1.8, 2.7]) expect(await touch('a', after * TTL)).toBeDefined();
    });

    it('slides with a short time to live, too', async () => {
      await add('a');
      for (const after of [900, 1_800, 2_700]) expect(await touch('a', after, 1_000)).toBeDefined();
      expect(await touch('a', 3_800, 1_000)).toBeUndefined();
    });

    it('forgets a session that was removed', async () => {
      await add('a');
      await world.sessions.remove('a');
      await world.sessions.remove('a');
      expect(await touch('a', 1)).toBeUndefined();
    });

    it('counts the living sessions of a user from an address', async () => {
      await add('a');
      await add('b');
      await add('c', { address: '10.0.0.2' });
      await add('d', { createdAt: start - TTL });
      const of = { user: 'ann', address: '10.0.0.1', now: start, timeToLiveMs: TTL };
      expect(await world.sessions.count(of)).toBe(2);
      expect(await world.sessions.count({ ...of, user: 'bob' })).toBe(0);
    });

    it('deletes expired sessions and says how many', async () => {
      await add('a');
      await add('b', { createdAt: start + 1_000 });
      expect(await world.sessions.expire({ now: start + TTL, timeToLiveMs: TTL })).toBe(1);
      expect(await touch('b', TTL)).toBeDefined();
    });

    it('drops those used longest ago when there are too many', async () => {
      await add('a');
      await add('b', { createdAt: start + 1 });
      await touch('a', 120_000);
      await world.sessions.add(aSession('c', { createdAt: start + 120_001 }), { maxSessions: 2 });
      const found = await Promise.all(['a', 'b', 'c'].map((id) => touch(id, 120_002)));
      expect(found.map((session) => session?.id)).toEqual(['a', undefined, 'c']);
    });
  });
}
