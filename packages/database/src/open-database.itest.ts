import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { cloneTestDatabase } from '@lockstep/testing';
import { createStores, openDatabase } from './index.js';

jest.setTimeout(60_000);

describe('openDatabase', () => {
  let dataDir: string;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'lockstep-open-'));
    await chmod(dataDir, 0o755);
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  it('goes from an empty folder to a database with tables, and back to no process', async () => {
    const messages: string[] = [];
    const owner = await openDatabase({ dataDir, embedded: 'own', log: (message) => void messages.push(message) });
    expect(owner.embeddedRole).toBe('owner');
    expect(await createStores(owner.knex).projects.listActive()).toEqual([]);
    expect(messages.join('\n')).toContain('0001_projects.sql');

    await expect(openDatabase({ dataDir, embedded: 'own' })).rejects.toMatchObject({ problem: 'in-use' });
    const guest = await openDatabase({ dataDir, embedded: 'own-or-join' });
    expect(guest.embeddedRole).toBe('guest');
    await guest.close();

    await owner.close();
    const joining = openDatabase({ dataDir, embedded: 'join', joinWithinMs: 0 });
    await expect(joining).rejects.toMatchObject({ problem: 'not-running' });
  });

  it("uses the user's own PostgreSQL when one is named, and leaves it running", async () => {
    const theirs = await cloneTestDatabase();
    const opened = await openDatabase({ databaseUrl: theirs.connectionString, dataDir, embedded: 'own' });
    expect(opened.embeddedRole).toBeUndefined();
    await createStores(opened.knex).projects.create({ name: 'p', description: 'd', user: 'ann', at: 1 });
    await opened.close();
    expect(await createStores(theirs.knex).projects.listActive()).toHaveLength(1);
    await theirs.drop();
  });
});
