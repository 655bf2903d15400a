import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';

/** Reads a growing file from where it stopped last time. The file need not exist yet. */
export interface OutputTail {
  /** Bytes read so far, counted from the start of the file. */
  readonly position: number;
  /** How long the file is now. */
  size(): number;
  /** The next bytes into `into`, at most `max`; returns how many, 0 = nothing more for now. */
  read(into: Buffer, max: number): number;
  close(): void;
}

/** The calls are synchronous: the bytes were just written and lie in memory, and a promise costs more than the read. */
export function createOutputTail({ path, fromByte }: { readonly path: string; readonly fromByte: number }): OutputTail {
  let fd: number | undefined;
  let position = fromByte;

  return {
    get position() {
      return position;
    },
    size: () => {
      const stats = fd === undefined ? statSync(path, { throwIfNoEntry: false }) : fstatSync(fd);
      return stats?.size ?? 0;
    },
    read: (into, max) => {
      if (fd === undefined) {
        if (!existsSync(path)) return 0;
        fd = openSync(path, 'r');
      }
      const count = readSync(fd, into, 0, Math.min(into.length, max), position);
      position += count;
      return count;
    },
    close: () => {
      if (fd !== undefined) closeSync(fd);
      fd = undefined;
    },
  };
}
