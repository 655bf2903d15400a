import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { identityOf } from './process-identity.js';
import { withStartLock } from './start-lock.js';

describe('the start lock', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lockstep-lock-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const holder = (number: number, facts: object) => writeFile(join(folder, String(number)), JSON.stringify(facts));

  it('lets one work at a time, and leaves one small file', async () => {
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      for (let turn = 0; turn < 5; turn++) await setImmediate();
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 12 }, () => withStartLock(folder, work)));
    expect(most).toBe(1);
    expect(await readdir(folder)).toEqual(['12']);
  });

  it('is free again when the work throws', async () => {
    const failing = withStartLock(folder, async () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(await withStartLock(folder, async () => 'next')).toBe('next');
  });

  it.each([
    ['that has ended', () => ({ host: hostname(), pid: 2 ** 22 + 1, startMark: 'x' })],
    ['whose pid another process has', () => ({ ...identityOf(process.pid), startMark: 'an earlier life' })],
  ])('is taken from a holder %s, by one of many', async (_, facts) => {
    await holder(7, facts());
    let inside = 0;
    await Promise.all(
      Array.from({ length: 6 }, () =>
        withStartLock(folder, async () => {
          expect(++inside).toBe(1);
          await setImmediate();
          inside -= 1;
        }),
      ),
    );
  });

  it('is taken from a holder on another machine that has not been heard of for a while', async () => {
    await holder(3, { host: 'another-container', pid: 1, startMark: 'x' });
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(join(folder, '3'), longAgo, longAgo);
    expect(await withStartLock(folder, async () => 'mine')).toBe('mine');
  });
});
