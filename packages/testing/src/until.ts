import { setTimeout as delay } from 'node:timers/promises';

/** Waits until the condition holds; fails after `timeoutMs` (default 10 s). */
export async function until(
  condition: () => boolean | Promise<boolean>,
  { timeoutMs = 10_000 }: { timeoutMs?: number } = {},
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`Still not so after ${timeoutMs} ms: ${condition.toString()}`);
    await delay(5);
  }
}
