const FIRST_MS = 50;
const LONGEST_MS = 2_000;

/** How long to wait before asking a database again that did not answer: doubling from 50 ms to 2 s. */
export function retryDelayMs(tries: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tries, 10));
}
