import { spawn } from 'node:child_process';

/** What the machine itself costs: `count` processes `true`, at most `concurrency` at a time, from plain Node. Milliseconds. */
export async function spawnFloor(count, concurrency) {
  const startedAt = performance.now();
  let started = 0;
  const lane = async () => {
    while (started < count) {
      started += 1;
      await new Promise((resolve, reject) => {
        spawn('true', { stdio: 'ignore' }).once('exit', resolve).once('error', reject);
      });
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  return performance.now() - startedAt;
}
