/** Why a flow file cannot be loaded, in one sentence without the file's name. */
export class FlowFileError extends Error {
  /** Counted from 1. */
  readonly line: number | undefined;

  constructor(message: string, line?: number) {
    super(message);
    this.name = 'FlowFileError';
    this.line = line;
  }
}
