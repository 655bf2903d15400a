export default async function globalTeardown() {
  await globalThis.lockstepTestPostgres?.stop();
}
