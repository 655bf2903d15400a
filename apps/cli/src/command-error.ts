/** Why a command did not do its work, as a sentence for the terminal. */
export class CommandError extends Error {
  /** 1: the work failed. 2: the command was asked wrongly. */
  readonly exitCode: 1 | 2;

  constructor(message: string, options: { exitCode?: 1 | 2; cause?: unknown } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : {});
    this.name = 'CommandError';
    this.exitCode = options.exitCode ?? 1;
  }
}
