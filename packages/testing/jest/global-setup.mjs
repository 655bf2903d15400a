/** One PostgreSQL per run of Jest; each test file clones its template database (`cloneTestDatabase`). */
export default async function globalSetup() {
  await import('./register-typescript.mjs');
  const { startTestPostgres, TEST_POSTGRES_URL } = await import('../src/test-postgres.ts');
  const server = await startTestPostgres();
  process.env[TEST_POSTGRES_URL] = server.connectionString;
  globalThis.lockstepTestPostgres = server;
}
