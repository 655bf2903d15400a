/** Why the embedded PostgreSQL cannot be had; the app decides what to do about each. */
export type EmbeddedPostgresProblem =
  /** Another living Lockstep process owns the data folder. */
  | 'in-use'
  /** Nobody runs it, and this process only wanted to join. */
  | 'not-running'
  /** Wrong owner or mode of a folder, no account to run under, a data folder of another PostgreSQL version. */
  | 'cannot-run'
  /** The programs are missing for this platform. */
  | 'no-binaries'
  /** It was started, but does not answer. */
  | 'start-failed';

export class EmbeddedPostgresError extends Error {
  readonly problem: EmbeddedPostgresProblem;

  constructor(problem: EmbeddedPostgresProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EmbeddedPostgresError';
    this.problem = problem;
  }
}
