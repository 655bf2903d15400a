import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';

/** The variable by which the processes of an attempt are found, whatever session or parent they have by now. */
export const MARKER_VARIABLE = 'LOCKSTEP_ATTEMPT';

export interface ProcessRow {
  readonly pid: number;
  readonly parentPid: number;
  readonly groupId: number;
  readonly sessionId: number;
  /** Value of LOCKSTEP_ATTEMPT at its start; undefined = not set, or not ours to read. */
  readonly marker: string | undefined;
}

/** The processes of this machine that are alive (zombies are not). */
export interface ProcessTable {
  /** A reading begun after the call; callers that ask at the same time share one. */
  read(): Promise<readonly ProcessRow[]>;
}

export function createProcessTable(): ProcessTable {
  let current: Promise<readonly ProcessRow[]> | undefined;
  let next: Promise<readonly ProcessRow[]> | undefined;

  const start = (): Promise<readonly ProcessRow[]> => {
    const reading = readProcesses().finally(() => {
      if (current === reading) current = undefined;
    });
    current = reading;
    return reading;
  };

  return {
    read: () => {
      if (current === undefined) return start();
      // The reading under way may have passed by what the caller wants to see: wait for the one after it.
      next ??= current.then(ignore, ignore).then(() => {
        next = undefined;
        return start();
      });
      return next;
    },
  };
}

function ignore(): void {}

/** A reading of this many takes about two milliseconds; then other work gets its turn. */
const ROWS_PER_TURN = 64;

async function readProcesses(): Promise<readonly ProcessRow[]> {
  const names = namesInProc();
  if (names === undefined) return readPs();
  const rows: ProcessRow[] = [];
  let sinceTurn = 0;
  for (const name of names) {
    const row = readProcRow(name);
    if (row !== undefined) rows.push(row);
    if (++sinceTurn < ROWS_PER_TURN) continue;
    sinceTurn = 0;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return rows;
}

/** Undefined where there is no /proc. */
function namesInProc(): string[] | undefined {
  try {
    const names = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return names.length > 0 ? names : undefined;
  } catch {
    return undefined;
  }
}

function readProcRow(name: string): ProcessRow | undefined {
  try {
    const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
    // `pid (program) state parent group session …`; the program's name may hold blanks and brackets.
    const [state, parentPid, groupId, sessionId] = stat.slice(stat.lastIndexOf(')') + 2).split(' ', 4);
    if (state === 'Z' || state === 'X') return undefined;
    return {
      pid: Number(name),
      parentPid: Number(parentPid),
      groupId: Number(groupId),
      sessionId: Number(sessionId),
      marker: readMarker(name),
    };
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}

function readMarker(name: string): string | undefined {
  try {
    const environment = `\0${readFileSync(`/proc/${name}/environ`, 'latin1')}`;
    const start = environment.indexOf(`\0${MARKER_VARIABLE}=`);
    if (start < 0) return undefined;
    const value = start + MARKER_VARIABLE.length + 2;
    const end = environment.indexOf('\0', value);
    return environment.slice(value, end < 0 ? undefined : end);
  } catch {
    return undefined;
  }
}

/** Elsewhere than on Linux: no markers and no sessions, so a daemon that has left both group and parent is not found. */
async function readPs(): Promise<readonly ProcessRow[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat='], { maxBuffer: 64 << 20 });
  const rows: ProcessRow[] = [];
  for (const line of stdout.split('\n')) {
    const [pid, parentPid, groupId, state] = line.trim().split(/\s+/);
    if (pid === undefined || pid === '' || state === undefined || state.startsWith('Z')) continue;
    rows.push({
      pid: Number(pid),
      parentPid: Number(parentPid),
      groupId: Number(groupId),
      sessionId: 0,
      marker: undefined,
    });
  }
  return rows;
}
