import type { ScenarioOptions } from './fixtures.js';

/** The ways a scenario can be played: on the runner alone, or over HTTP on a real server. */
export interface Driver {
  /** Prepares the project (a folder or a zip). */
  upload(project: { readonly name: string; readonly path: string }): Promise<void>;
  start(run: { readonly project: string; readonly flow: string; readonly options: ScenarioOptions }): Promise<number>;
  act(executionId: number, action: 'kill' | 'pause' | 'resume' | 'retryFailures'): Promise<void>;
  /** Ends a running `test` job; false when it does not run (yet). */
  end(
    executionId: number,
    end: {
      readonly node: string;
      readonly result: 'succeed' | 'fail';
      readonly output?: Readonly<Record<string, string>>;
    },
  ): boolean;
  /** Properties the attempt of a running or finished `test` job was given. */
  inputOf(executionId: number, node: string): Readonly<Record<string, string>> | undefined;
  look(executionId: number): Promise<Look>;
  /** Properties the latest attempt of a node handed on. */
  outputsOf(executionId: number, node: string): Promise<Readonly<Record<string, string>> | undefined>;
  /** What must hold of an execution that has ended, whatever the scenario. */
  expectConsistent?(executionId: number): Promise<void>;
  stop(): Promise<void>;
}

export interface Look {
  readonly status: string;
  /** By nested id; nodes that have not been looked at are READY or DISABLED. */
  readonly nodes: ReadonlyMap<string, { readonly status: string; readonly attempt: number }>;
}
