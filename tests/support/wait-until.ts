import { setTimeout as delay } from 'node:timers/promises';

/** Generous: tests say what happens, not how fast; a busy machine must not fail them. */
const DEADLINE_MS = 60_000;

/**
 * Asks until the answer is neither undefined nor false, and returns it. Rejects, naming what was waited for, when it does
 * not come in time; `orFailIf` may give a reason to stop waiting earlier.
 */
export async function waitUntil<Answer>(
  what: string,
  ask: () => Promise<Answer | undefined | false> | Answer | undefined | false,
  { deadlineMs = DEADLINE_MS, everyMs = 25 }: { deadlineMs?: number; everyMs?: number } = {},
): Promise<Answer> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline) throw new Error(`It did not happen within ${deadlineMs} ms that ${what}.`);
    await delay(everyMs);
  }
}
