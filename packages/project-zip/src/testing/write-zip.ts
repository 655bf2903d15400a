import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

export interface ZipEntry {
  /** A folder when it ends in `/`. */
  readonly path: string;
  readonly content?: string | Buffer;
  /** Unix mode with the file type. */
  readonly mode?: number;
  readonly compress?: boolean;
}

/** Writes an archive for a test. Entries are streamed, so sizes stand behind the data and in the central directory only. */
export async function writeZip(zipPath: string, entries: Iterable<ZipEntry>): Promise<string> {
  const zip = new ZipFile();
  const written = pipeline(zip.outputStream as NodeJS.ReadableStream, createWriteStream(zipPath));
  for (const { path, content = '', mode = 0o100644, compress = true } of entries) {
    if (path.endsWith('/')) zip.addEmptyDirectory(path.slice(0, -1));
    else zip.addBuffer(Buffer.from(content), path, { mode, compress });
  }
  zip.end();
  await written;
  return zipPath;
}
