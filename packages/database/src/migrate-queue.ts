import pg from 'pg';

/**
 * Brings BullMQ's own tables up to the installed version, in a schema of their own. Needed when executions are dispatched
 * through PostgreSQL; several processes may call it at once.
 */
export async function migrateQueue({
  connectionString,
  schema,
}: {
  connectionString: string;
  schema?: string;
}): Promise<void> {
  // Loading BullMQ takes a third of a second, which a process without it should not spend.
  const { runMigrations } = await import('bullmq');
  const client = new pg.Client({ connectionString, application_name: 'lockstep migrate' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await runMigrations(client as never, schema);
  } finally {
    await client.end();
  }
}
