import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface ProcessFacts {
  readonly pid: number;
  readonly command: string;
}

/**
 * The living processes that have to do with a folder: in their arguments, their environment or as their working
 * directory. PostgreSQL's own children are found by the last, jobs by any of them.
 */
export function processesOf(folder: string): readonly ProcessFacts[] {
  const all = pidsInProc();
  if (all === undefined) return processesByArguments(folder);
  return all
    .filter((pid) => pid !== process.pid && belongsTo(pid, folder))
    .map((pid) => ({ pid, command: commandOf(pid) }));
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return !isZombie(pid);
}

/** One number of /proc/<pid>/status in bytes, for example VmRSS (now) or VmHWM (the most there ever was). */
export function memoryOf(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const line = new RegExp(`^${field}:\\s*(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  if (!line) throw new Error(`/proc/${pid}/status has no ${field}.`);
  return Number(line[1]) * 1024;
}

function pidsInProc(): number[] | undefined {
  try {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.length > 0 ? pids.map(Number) : undefined;
  } catch {
    return undefined;
  }
}

function belongsTo(pid: number, folder: string): boolean {
  if (isZombie(pid)) return false;
  const places = [
    () => readFileSync(`/proc/${pid}/cmdline`, 'utf8'),
    () => readFileSync(`/proc/${pid}/environ`, 'utf8'),
    () => readlinkSync(`/proc/${pid}/cwd`),
  ];
  return places.some((read) => textOf(read).includes(folder));
}

function isZombie(pid: number): boolean {
  return /^\d+ \(.*\) [ZX]/s.test(textOf(() => readFileSync(`/proc/${pid}/stat`, 'latin1')));
}

function commandOf(pid: number): string {
  return textOf(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
    .replaceAll('\0', ' ')
    .trim();
}

/** A process may end, or not be ours to read, at any time. */
function textOf(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}

/** Elsewhere than on Linux. */
function processesByArguments(folder: string): readonly ProcessFacts[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8' });
  return stdout
    .split('\n')
    .filter((line) => line.includes(folder))
    .map((line) => ({ pid: Number.parseInt(line, 10), command: line.trim().replace(/^\d+\s+/, '') }))
    .filter(({ pid }) => pid !== process.pid);
}
