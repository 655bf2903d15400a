/** Why a YAML file cannot be used, in one sentence without the file's name. */
export class YamlFileError extends Error {
  /** Counted from 1. */
  readonly line: number | undefined;

  constructor(message: string, line?: number) {
    super(message);
    this.name = 'YamlFileError';
    this.line = line;
  }
}
