import { constants, mkdirSync } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogChunks, LogName } from '@lockstep/domain';

export interface FileLogChunks extends LogChunks {
  pathOf(log: Pick<LogName, 'nestedId' | 'attempt'>): string;
}

/**
 * Logs of one execution as files of a folder, `<nested id>.log` (retries `<nested id>.<attempt>.log`, the flow's own
 * `_flow.log`): a chatty job of a local run costs disk space, not memory, and what it wrote can be kept.
 */
export function createFileLogChunks(folder: string): FileLogChunks {
  mkdirSync(folder, { recursive: true });
  const pathOf: FileLogChunks['pathOf'] = ({ nestedId, attempt }) =>
    join(folder, `${fileNameOf(nestedId)}${attempt === 0 ? '' : `.${attempt}`}.log`);

  return {
    pathOf,
    async append(chunks) {
      for (const { chunk } of chunks) {
        // Not opened for appending: there the system ignores the position, and a repeated chunk would stand twice.
        await withFile(pathOf(chunk), constants.O_WRONLY | constants.O_CREAT, (file) =>
          file.write(chunk.bytes, 0, chunk.bytes.byteLength, chunk.startByte),
        );
      }
    },
    async read(log, { offset, length }) {
      const available = Math.min(length, (await sizeOf(pathOf(log))) - offset);
      if (available <= 0) return new Uint8Array();
      const { buffer, bytesRead } = await withFile(pathOf(log), constants.O_RDONLY, (file) =>
        file.read(Buffer.alloc(available), 0, available, offset),
      );
      return buffer.subarray(0, bytesRead);
    },
    size: (log) => sizeOf(pathOf(log)),
  };
}

/** Ids of jobs may contain what a file name may not; `:` is the separator of nested ids. */
function fileNameOf(nestedId: string): string {
  return nestedId === '' ? '_flow' : encodeURIComponent(nestedId).replaceAll('%3A', ':').slice(0, 200);
}

async function withFile<Result>(
  path: string,
  flags: number,
  use: (file: FileHandle) => Promise<Result>,
): Promise<Result> {
  const file = await open(path, flags);
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
