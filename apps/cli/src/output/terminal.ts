import picocolors from 'picocolors';

export type Colors = ReturnType<typeof picocolors.createColors>;

/** Where a command writes. Results go to `print`, remarks about them to `remark`, so that a pipe carries results only. */
export interface Terminal {
  print(line: string): void;
  remark(line: string): void;
  /** Unchanged text, without a line end of its own. */
  write(text: string): void;
  /** A person is looking: lines may be redrawn. */
  readonly isInteractive: boolean;
  readonly columns: number;
  readonly rows: number;
  readonly colors: Colors;
}

export function processTerminal(): Terminal {
  const { stdout, stderr } = process;
  return {
    print: (line) => void stdout.write(`${line}\n`),
    remark: (line) => void stderr.write(`${line}\n`),
    write: (text) => void stdout.write(text),
    isInteractive: stdout.isTTY === true,
    get columns() {
      return stdout.columns ?? 80;
    },
    get rows() {
      return stdout.rows ?? 24;
    },
    colors: picocolors.createColors(picocolors.isColorSupported && stdout.isTTY === true),
  };
}
