import { joinEmbeddedPostgres } from '@lockstep/database';
import pg from 'pg';

/** What the database itself costs: `count` durable inserts of one row, one after another. Milliseconds. */
export async function commitFloor(dataFolder, count) {
  const database = await joinEmbeddedPostgres({ dataDir: dataFolder, waitMs: 5_000 });
  const client = new pg.Client({ connectionString: database.connectionString });
  await client.connect();
  try {
    await client.query(
      'create table if not exists bench_floor (id bigint generated always as identity primary key, payload text)',
    );
    const startedAt = performance.now();
    for (let index = 0; index < count; index += 1) {
      await client.query({
        name: 'floor',
        text: 'insert into bench_floor (payload) values ($1)',
        values: ['x'.repeat(100)],
      });
    }
    return performance.now() - startedAt;
  } finally {
    await client.end();
    await database.stop();
  }
}
