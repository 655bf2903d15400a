import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findInstance, lockInstance } from './instance-lock.js';
import { identityOf } from './process-identity.js';

const NOW = 1_800_000_000_000;
const clock = { now: () => NOW };

describe('the instance lock of a data folder', () => {
  let dataDir: string;
  let path: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'lockstep-lock-'));
    path = join(dataDir, 'instance.lock');
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));

  const lock = () => lockInstance({ dataDir, roles: ['web', 'worker'], clock });

  it('refuses a second instance while the first one lives, naming its process and the way out', () => {
    const held = lock();
    expect(() => lock()).toThrow(
      `Data folder ${dataDir} is in use by another Lockstep, process ${process.pid} (roles web, worker). Stop that one, or`,
    );
    held.release();
  });

  it('is free again after release', () => {
    lock().release();
    expect(existsSync(path)).toBe(false);
    lock().release();
  });

  it('takes over the lock of a process that was killed', async () => {
    const child = spawn('sleep', ['60']);
    const identity = identityOf(child.pid ?? 0);
    writeFileSync(path, JSON.stringify({ ...identity, roles: ['web'] }));
    expect(findInstance({ dataDir, clock })).toMatchObject({ pid: child.pid });
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(findInstance({ dataDir, clock })).toBeUndefined();
    const held = lock();
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid });
    held.release();
  });

  it('is not fooled by another process that has got the same number', () => {
    writeFileSync(path, JSON.stringify({ ...identityOf(process.pid), startMark: 'long ago', roles: [] }));
    lock().release();
  });

  it.each([
    ['holds while the other machine touches it', NOW - 5_000, false],
    ['is taken over when the other machine has not touched it for long', NOW - 60_000, true],
  ])('%s', (_, touchedAt, isFree) => {
    writeFileSync(path, JSON.stringify({ host: 'elsewhere', pid: 1, startMark: 'x', roles: ['web'] }));
    utimesSync(path, touchedAt / 1000, touchedAt / 1000);
    if (isFree) lock().release();
    else expect(() => lock()).toThrow('process 1 on host elsewhere');
  });

  it('takes over a file that is no lock at all', () => {
    writeFileSync(path, 'half a wri');
    lock().release();
  });
});
