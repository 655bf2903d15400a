import { cp, mkdtemp, readdir, rm, writeFile, appendFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { cloneTestDatabase, type TestDatabase } from '@lockstep/testing';
import { migrate } from './migrate.js';
import { migrateQueue } from './migrate-queue.js';
import { migrationsFolder } from './migrations-folder.js';

jest.setTimeout(60_000);

describe('migrate', () => {
  let database: TestDatabase;
  let folder: string;

  beforeEach(async () => {
    database = await cloneTestDatabase();
    folder = await mkdtemp(join(tmpdir(), 'lockstep-migrations-'));
    await cp(migrationsFolder(), folder, { recursive: true });
  });
  afterEach(async () => {
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  const run = () => migrate({ connectionString: database.connectionString, folder });
  const empty = () => database.knex.raw('drop schema public cascade; create schema public');

  it('applies every migration to an empty database, and nothing the second time', async () => {
    await empty();
    expect(await run()).toEqual((await readdir(folder)).sort());
    expect(await run()).toEqual([]);
  });

  it('applies each migration once, however many processes start at the same time', async () => {
    await empty();
    const applied = await Promise.all(Array.from({ length: 6 }, run));
    expect(applied.flat().sort()).toEqual((await readdir(folder)).sort());
  });

  it('applies a new migration only', async () => {
    await writeFile(join(folder, '9999_more.sql'), 'create table more (id integer primary key)');
    expect(await run()).toEqual(['9999_more.sql']);
  });

  it('leaves nothing of a migration that fails, and names it', async () => {
    await writeFile(join(folder, '9999_bad.sql'), 'create table half (id integer primary key); select nonsense');
    await expect(run()).rejects.toThrow(/9999_bad\.sql failed: .*nonsense/);
    expect(await database.knex.schema.hasTable('half')).toBe(false);
  });

  it('refuses an applied file that has changed since', async () => {
    await appendFile(join(folder, '0001_projects.sql'), '\n-- changed');
    await expect(run()).rejects.toThrow('0001_projects.sql has changed since it was applied');
  });

  it('refuses a database that is newer than the code', async () => {
    await writeFile(join(folder, '9999_more.sql'), 'select 1');
    await run();
    await rm(join(folder, '9999_more.sql'));
    await expect(run()).rejects.toThrow('The database is newer than this release of Lockstep: it has 9999_more.sql');
  });

  it("creates the queue's own tables, also when several processes start at the same time", async () => {
    const { connectionString } = database;
    await Promise.all([migrateQueue({ connectionString }), migrateQueue({ connectionString })]);
    const tables = await database.knex.raw<{ rows: unknown[] }>(
      `select from information_schema.tables where table_schema = 'bullmq'`,
    );
    expect(tables.rows.length).toBeGreaterThan(0);
  });
});
