import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { migrationsFolder } from './migrations-folder.js';

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/** Any number nobody else uses: "lockstep" on a telephone keypad. */
const MIGRATION_LOCK = 56257837;

/** The database and this release do not fit together; the message says what to do. */
export class MigrationError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MigrationError';
  }
}

/**
 * Brings the tables up to this release: applies the files of `migrations/` that have not been, in order, each in a
 * transaction of its own. Several processes may call it at once: one works, the others wait. Returns what it applied.
 * Throws `MigrationError` when an applied file has changed since, or the database is newer than this release.
 */
export async function migrate({
  connectionString,
  folder = migrationsFolder(),
}: {
  connectionString: string;
  folder?: string;
}): Promise<readonly string[]> {
  const migrations = await readMigrations(folder);
  const client = new pg.Client({ connectionString, application_name: 'lockstep migrate' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    // Held until the connection ends, however that happens.
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await client.query(`
      create table if not exists schema_migrations (
        name text primary key,
        checksum text not null,
        applied_at timestamptz not null default now()
      )`);
    const pending = await findPending(client, migrations);
    for (const migration of pending) await apply(client, migration);
    return pending.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

async function readMigrations(folder: string): Promise<readonly Migration[]> {
  // NNNN_words.sql
  const names = (await readdir(folder)).filter((name) => /^\d{4}_\w+\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(folder, name), 'utf8');
      // A checkout on Windows may change the ends of lines, which changes nothing.
      return { name, sql, checksum: createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex') };
    }),
  );
}

async function findPending(client: pg.Client, migrations: readonly Migration[]): Promise<readonly Migration[]> {
  const { rows } = await client.query<{ name: string; checksum: string }>(
    'select name, checksum from schema_migrations order by name',
  );
  const applied = new Map(rows.map(({ name, checksum }) => [name, checksum]));
  const unknown = rows.map(({ name }) => name).filter((name) => !migrations.some((each) => each.name === name));
  if (unknown.length > 0) {
    throw new MigrationError(
      `The database is newer than this release of Lockstep: it has ${unknown.join(', ')}. Install the release that made ` +
        'it (or a later one); going back is not possible.',
    );
  }
  const changed = migrations.filter(({ name, checksum }) => applied.has(name) && applied.get(name) !== checksum);
  if (changed.length > 0) {
    throw new MigrationError(
      `${changed.map(({ name }) => name).join(', ')} has changed since it was applied to this database. ` +
        'Restore the file; put changes into a new migration.',
    );
  }
  return migrations.filter(({ name }) => !applied.has(name));
}

async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  await client.query('begin');
  try {
    await client.query(sql);
    await client.query('insert into schema_migrations (name, checksum) values ($1, $2)', [name, checksum]);
    await client.query('commit');
  } catch (cause) {
    await client.query('rollback');
    throw new MigrationError(`Migration ${name} failed: ${(cause as Error).message}`, { cause });
  }
}
