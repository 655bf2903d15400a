import { setTimeout as delay } from 'node:timers/promises';

const DEADLINE_MS = 30_000;

/** Waits for a condition, looking often. Rejects, naming it, when it does not come true. */
export async function until(what: string, isTrue: () => boolean): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!isTrue()) {
    if (performance.now() > deadline) throw new Error(`It did not happen within ${DEADLINE_MS} ms that ${what}.`);
    await delay(5);
  }
}
