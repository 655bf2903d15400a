import { describe, expect, it } from '@jest/globals';
import { aWorld } from '../fakes/a-service-world.js';

const READER = { username: 'reader', password: 'reader', address: '10.0.0.1' };

describe('a login', () => {
  it('opens a session that is found by its id', async () => {
    const { services } = aWorld();
    const session = await services.sessions.login(READER);
    expect(session).toMatchObject({ id: 'session-1', address: '10.0.0.1', createdAt: 1_000_000 });
    expect(session.user).toMatchObject({ name: 'reader', roles: ['reader'] });
    expect(await services.sessions.find(session.id)).toEqual(session);
  });

  it('leaves other sessions of the user open', async () => {
    const { services } = aWorld();
    const [first, second] = [await services.sessions.login(READER), await services.sessions.login(READER)];
    expect(await services.sessions.find(first.id)).toBeDefined();
    expect(await services.sessions.find(second.id)).toBeDefined();
  });

  it.each([
    ['a wrong password', { password: 'wrong' }, 'user.wrong-password'],
    ['an unknown user', { username: 'zoe' }, 'user.wrong-password'],
    ['a name in other letter case', { username: 'Reader' }, 'user.wrong-password'],
    ['a blank name', { username: ' ' }, 'user.empty-name'],
    ['a blank password', { password: '' }, 'user.empty-password'],
    ['both blank', { username: '', password: '' }, 'user.empty-name'],
  ])('is refused with %s', async (_what, parts, code) => {
    const { services, state } = aWorld();
    await expect(services.sessions.login({ ...READER, ...parts })).rejects.toMatchObject({ code });
    await expect(services.sessions.authenticate({ ...READER, ...parts })).rejects.toMatchObject({ code });
    expect(state.sessions).toEqual([]);
  });

  it('is refused when the user has as many sessions from that address as are allowed', async () => {
    const { services } = aWorld({ maxSessionsPerUserAndAddress: 1 });
    await services.sessions.login(READER);
    await expect(services.sessions.login(READER)).rejects.toMatchObject({
      code: 'session.too-many',
      details: { user: 'reader', address: '10.0.0.1', limit: 1 },
    });
    await services.sessions.login({ ...READER, address: '10.0.0.2' });
    await services.sessions.login({ ...READER, username: 'writer', password: 'writer' });
  });
});

describe('authentication alone', () => {
  it('gives the user and opens no session', async () => {
    const { services, state } = aWorld();
    expect(await services.sessions.authenticate(READER)).toMatchObject({ name: 'reader' });
    expect(state.sessions).toEqual([]);
  });
});

describe('a session', () => {
  it('lives as long as it is used, and ends when it has not been for its time to live', async () => {
    const world = aWorld({ sessionTimeToLiveMs: 1_000 });
    const { id } = await world.services.sessions.login(READER);
    for (const later of [900, 1_800, 2_700]) {
      world.now = 1_000_000 + later;
      expect(await world.services.sessions.find(id)).toBeDefined();
    }
    world.now = 1_000_000 + 3_700;
    expect(await world.services.sessions.find(id)).toBeUndefined();
  });

  it('ends with a logout, which is harmless twice', async () => {
    const { services } = aWorld();
    const { id } = await services.sessions.login(READER);
    await services.sessions.logout(id);
    await services.sessions.logout(id);
    expect(await services.sessions.find(id)).toBeUndefined();
    expect(await services.sessions.find('')).toBeUndefined();
  });
});
