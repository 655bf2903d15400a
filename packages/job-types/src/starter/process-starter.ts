/** Starts the processes of jobs: in this process, or in a small one beside it. */
export interface ProcessStarter {
  start(request: StartRequest): StartedProcess;
  /** Ends the starter, not the processes it has started. */
  close(): void;
}

export interface StartRequest {
  readonly program: string;
  readonly parameters: readonly string[];
  readonly workingDirectory: string;
  /** What the process inherits. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** On top of it; undefined takes a variable away. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Created when missing, appended to; gets stdout and stderr. */
  readonly outputFile: string;
}

export interface StartedProcess {
  /** The process leads a session of its own. Rejects with the reason (`code` as of the system) when it cannot be started. */
  readonly started: Promise<{ readonly pid: number }>;
  /** Pending for ever when it could not be started. */
  readonly ended: Promise<ProcessExit>;
}

export interface ProcessExit {
  /** Undefined when a signal ended it, or when nobody knows (see `lost`). */
  readonly exitCode: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  /** Nobody was there to hear how it ended. */
  readonly lost?: true;
}
