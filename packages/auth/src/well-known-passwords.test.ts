import { describe, expect, it } from '@jest/globals';
import { createBuiltInUserDirectory } from './directories/built-in.js';
import { parseUserFile } from './directories/parse-user-file.js';
import { createListDirectory } from './directories/user-list.js';
import { hasWellKnownDefaultPassword, wellKnownPasswords } from './well-known-passwords.js';

describe('well-known passwords', () => {
  it('are what the built-in users have', async () => {
    const directory = createBuiltInUserDirectory();
    expect(await wellKnownPasswords(directory)).toEqual(['azkaban', 'metrics']);
    expect(await hasWellKnownDefaultPassword(directory)).toBe(true);
  });

  it('are gone once every such user has another one', async () => {
    const list = parseUserFile(
      '<azkaban-users><user username="azkaban" password="long and own"/></azkaban-users>',
      () => undefined,
    );
    const directory = createListDirectory({ current: () => list });
    expect(await wellKnownPasswords(directory)).toEqual([]);
    expect(await hasWellKnownDefaultPassword(directory)).toBe(false);
  });
});

describe('the built-in users', () => {
  it('are those of the file that Azkaban ships', async () => {
    const directory = createBuiltInUserDirectory();
    expect(await directory.authenticate('azkaban', 'azkaban')).toEqual({
      name: 'azkaban',
      groups: ['azkaban'],
      roles: ['admin'],
      proxyUsers: [],
    });
    expect(directory.findRole('admin')?.permissions).toEqual(['ADMIN']);
    expect((await directory.authenticate('metrics', 'metrics'))?.roles).toEqual(['metrics']);
    expect(directory.findRole('metrics')?.permissions).toEqual(['METRICS']);
    expect(await directory.authenticate('azkaban', 'metrics')).toBeUndefined();
  });
});
