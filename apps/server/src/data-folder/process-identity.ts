import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Names one run of one process: a number alone is given to another process sooner or later. */
export interface ProcessIdentity {
  readonly host: string;
  readonly pid: number;
  /** Differs between two processes that get the same number one after the other, restarts of the machine included. */
  readonly startMark: string;
}

export function identityOf(pid: number): ProcessIdentity | undefined {
  const startMark = startMarkOf(pid);
  return startMark === undefined ? undefined : { host: hostname(), pid, startMark };
}

/** undefined: it ran (or runs) on another machine or in another container, where this one cannot look. */
export function isAlive(process: ProcessIdentity): boolean | undefined {
  if (process.host !== hostname()) return undefined;
  return startMarkOf(process.pid) === process.startMark;
}

function startMarkOf(pid: number): string | undefined {
  try {
    return globalThis.process.platform === 'linux' ? linuxStartMark(pid) : portableStartMark(pid);
  } catch {
    return undefined;
  }
}

/** Field 22 of /proc/<pid>/stat (clock ticks since boot), counted from behind the name, which may contain anything. */
function linuxStartMark(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const isZombie = fields[0] === 'Z' || fields[0] === 'X';
  return isZombie ? undefined : `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()} ${fields[19]}`;
}

function portableStartMark(pid: number): string | undefined {
  return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
}
