import type { ProcessStarter } from '../starter/process-starter.js';
import { killProcesses } from './kill-ladder.js';
import type { KillReport } from './kill-ladder.js';
import type { ProcessTable } from './process-table.js';

export type ProcessEnd =
  | { readonly result: 'not-started'; readonly error: NodeJS.ErrnoException }
  | {
      readonly result: 'ended';
      readonly pid: number;
      /** Undefined when a signal ended it. */
      readonly exitCode: number | undefined;
      readonly signal: NodeJS.Signals | undefined;
      /** Nobody heard how it ended: the process that had started it is gone. */
      readonly lost: boolean;
      /** Set when it was killed on request, however it then ended. */
      readonly kill: KillReport | undefined;
    };

export interface Launch {
  /** Program and arguments; no shell sees them. */
  readonly words: readonly [program: string, ...parameters: string[]];
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** On top of the environment. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Appended to; gets stdout and stderr. */
  readonly outputFile: string;
  readonly marker: string;
  readonly killGraceMs: number;
  /** Aborted = end the process and everything it has started. */
  readonly signal: AbortSignal;
  readonly table: ProcessTable;
  readonly starter: ProcessStarter;
}

/**
 * Starts a process in a session of its own and waits for its end. Its output goes straight into a file and its input is
 * empty, so it neither waits for this process nor dies with it. Background children of a process that ends by itself
 * are left alone, as Azkaban leaves them; a kill ends them all.
 */
export async function launchProcess(launch: Launch): Promise<ProcessEnd> {
  const [program, ...parameters] = launch.words;
  const { workingDirectory, environment, variables, outputFile } = launch;
  const child = launch.starter.start({
    program,
    parameters,
    workingDirectory,
    environment,
    variables,
    outputFile,
  });
  let pid: number;
  try {
    ({ pid } = await child.started);
  } catch (error) {
    return { result: 'not-started', error: error as NodeJS.ErrnoException };
  }
  const killing = killOnAbort(launch, pid);
  try {
    const { exitCode, signal, lost } = await child.ended;
    if (lost === true) await killing.now();
    return { result: 'ended', pid, exitCode, signal, lost: lost === true, kill: await killing.report() };
  } finally {
    killing.stop();
  }
}

function killOnAbort({ signal, marker, killGraceMs, table }: Launch, pid: number) {
  let killing: Promise<KillReport> | undefined;
  const kill = (): Promise<KillReport> =>
    (killing ??= killProcesses({ owner: { pid, markers: new Set([marker]) }, graceMs: killGraceMs, table }));
  const onAbort = (): void => void kill();
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  return {
    /** A process nobody hears of must not run on while its job counts as failed. */
    now: kill,
    report: async () => (signal.aborted ? killing : undefined),
    stop: () => signal.removeEventListener('abort', onAbort),
  };
}
