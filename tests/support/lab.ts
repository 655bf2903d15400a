import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { START, startProcess, type LockstepProcess } from '../setup/lockstep-process.js';
import { AzkabanClient } from './azkaban-client.js';
import { isAlive, processesOf } from './processes.js';
import { waitUntil } from './wait-until.js';

export interface StartedServer extends LockstepProcess {
  /** Unique in the lab; jobs find it in LAB_SERVER. */
  readonly id: number;
  readonly pid: number;
  /** Where it answers; throws for a process without the web role. */
  readonly url: string;
  logIn(): Promise<AzkabanClient>;
  /** SIGTERM, then waits for the end. Resolves to the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL to the server process alone: what it has started stays behind. */
  crash(): Promise<void>;
}

/** What jobs of a test have written down about themselves, one line each time something happened. */
export interface WitnessLine {
  readonly what: string;
  readonly job: string;
  readonly attempt: number;
  readonly pid: number;
  /** `id` of the server it runs for. */
  readonly server: number;
}

/** A folder with everything a test file starts and writes, and the means to leave nothing of it behind. */
export interface Lab {
  readonly folder: string;
  /** The data folder servers get unless their settings say otherwise. */
  readonly dataDir: string;
  /** Starts a server as a user would and waits until it is ready. */
  start(settings?: Readonly<Record<string, string>>): Promise<StartedServer>;
  /** Starts a server and does not wait. */
  launch(settings?: Readonly<Record<string, string>>): LockstepProcess;
  /** Opens a gate jobs wait at (`await_gate NAME` in their scripts). */
  openGate(name: string): void;
  /** What `witness WHAT JOB ATTEMPT` in scripts of jobs has written. */
  witnessed(what?: string): readonly WitnessLine[];
  clearWitness(): void;
  /** Stops all servers, removes the folder; throws when any process was left. */
  close(): Promise<void>;
}

const READY = /Lockstep is ready(?: at (\S+)| \()/;

export function openLab(name: string): Lab {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `lockstep-e2e-${name}-`)));
  // Started as root, PostgreSQL runs under an account that has to get in here.
  chmodSync(folder, 0o711);
  const dataDir = join(folder, 'data');
  const witnessFile = join(folder, 'witness');
  writeFileSync(join(folder, 'lab.sh'), LAB_SCRIPT);
  const started: LockstepProcess[] = [];

  function launch(settings: Readonly<Record<string, string>> = {}): LockstepProcess {
    const process = startProcess(START, {
      env: {
        LAB: folder,
        LAB_SERVER: String(started.length + 1),
        LOCKSTEP_DATA_DIR: dataDir,
        LOCKSTEP_PORT: '0',
        ...settings,
      },
    });
    started.push(process);
    return process;
  }

  return {
    folder,
    dataDir,
    launch,
    async start(settings) {
      const server = launch(settings);
      const id = started.length;
      return asStarted(server, id, await server.printed(READY));
    },
    openGate: (gate) => appendFileSync(join(folder, `gate.${gate}`), ''),
    witnessed(what) {
      if (!existsSync(witnessFile)) return [];
      const lines = readFileSync(witnessFile, 'utf8').trimEnd().split('\n').filter(Boolean).map(witnessLine);
      return what === undefined ? lines : lines.filter((line) => line.what === what);
    },
    clearWitness: () => rmSync(witnessFile, { force: true }),
    async close() {
      await Promise.all(started.map(end));
      const left = await leftProcesses(folder);
      for (const { pid } of left) killIfAlive(pid, 'SIGKILL');
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
      if (left.length > 0) {
        throw new Error(`Left running:\n${left.map(({ pid, command }) => `${pid} ${command}`).join('\n')}`);
      }
    },
  };
}

/**
 * Sourced by the scripts of jobs: `. "$LAB/lab.sh"`. `check_alone JOB ATTEMPT` notes down whether the attempt before is
 * really gone (a process that has ended and only waits to be collected is).
 */
const LAB_SCRIPT = `
witness() { echo "$1 $2 $3 $$ $LAB_SERVER" >> "$LAB/witness"; }
check_alone() {
  before=$(awk -v job="$1" -v attempt="$(($2 - 1))" '$1 == "start" && $2 == job && $3 == attempt { print $4 }' "$LAB/witness")
  if grep -qs '^State:[[:space:]]*[^ZX[:space:]]' "/proc/$before/status"; then witness overlap "$1" "$2"; fi
}
await_gate() { while [ ! -e "$LAB/gate.$1" ]; do sleep 0.1; done; }
`;

function asStarted(server: LockstepProcess, id: number, ready: string): StartedServer {
  const url = READY.exec(ready)?.[1];
  const { child, exited } = server;
  const started: StartedServer = {
    ...server,
    id,
    pid: child.pid ?? 0,
    get url() {
      if (url === undefined) throw new Error('This process has no web role.');
      return url;
    },
    logIn: () => AzkabanClient.logIn(started.url),
    async stop() {
      child.kill('SIGTERM');
      return (await exited).code;
    },
    async crash() {
      child.kill('SIGKILL');
      await exited;
    },
  };
  return started;
}

function witnessLine(line: string): WitnessLine {
  const [what = '', job = '', attempt, pid, server] = line.split(' ');
  return { what, job, attempt: Number(attempt), pid: Number(pid), server: Number(server) };
}

const STOP_PATIENCE_MS = 60_000;

/** However the test has left it: running, stopped by SIGSTOP, gone. */
async function end({ child, exited }: LockstepProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  child.kill('SIGCONT');
  const forcing = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE_MS);
  await exited;
  clearTimeout(forcing);
}

/** A process that has been killed takes a moment to be gone. */
async function leftProcesses(folder: string) {
  const isClear = () => processesOf(folder).length === 0;
  await waitUntil('no process is left', isClear, { deadlineMs: 10_000 }).catch(() => undefined);
  return processesOf(folder);
}

function killIfAlive(pid: number, signal: NodeJS.Signals): void {
  if (isAlive(pid)) process.kill(pid, signal);
}
