import type { ProjectDefinition } from '@lockstep/domain';

/** What a project folder contains, and everything that is wrong with it. */
export interface LoadedProject {
  /** As far as it could be read: flows with errors are built and shown too. May be stored only when there are no errors. */
  readonly definition: ProjectDefinition;
  /** Azkaban's exact texts (shown under "Validator Directory Flow reports errors"); a sorted set. Not empty = not usable. */
  readonly errors: readonly string[];
  /** A sorted set; never stops an upload. */
  readonly warnings: readonly string[];
  /** The errors and warnings (and `fatal`) once more with their places, for tools that show them to the author. */
  readonly problems: readonly ZipProblem[];
  /** Set when no loader could do its work: Azkaban shows it as "Installation Failed.<br>…". `errors` is empty then. */
  readonly fatal?: string;
  readonly counts: {
    /** Flow 1.0: job files accepted. Flow 2.0: nodes of all flows, inner ones included. */
    readonly jobs: number;
    readonly propertiesFiles: number;
  };
}

export interface ZipProblem {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** What exactly is wrong or what to do, where the imitated text of `message` does not say it. */
  readonly hint?: string;
  /** Path inside the project. */
  readonly file?: string;
  /** Counted from 1. */
  readonly line?: number;
}
