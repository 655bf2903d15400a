import { createWriteStream } from 'node:fs';
import { mkdir, open, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { openPromise } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import { asBadZip, badZip } from './bad-zip.js';
import { entryKind } from './entry-kind.js';
import { DEFAULT_ZIP_LIMITS } from './zip-limits.js';
import type { ZipLimits } from './zip-limits.js';

export interface ExtractZipOptions {
  readonly zipPath: string;
  /** Made when it is missing; must be empty. */
  readonly targetDir: string;
  readonly limits?: Partial<ZipLimits>;
}

export interface ExtractedZip {
  readonly dir: string;
  readonly fileCount: number;
  /** Of all files, unpacked. */
  readonly totalBytes: number;
}

/**
 * Unpacks an archive with one entry in memory at a time. Sizes come from the central directory, so archives of streaming writers
 * are fine. Files get mode 755 where the archive marks them executable, else 644.
 *
 * @throws DomainError `upload.bad-zip` (with the reason) when the archive is broken, encrypted or larger than the limits, or when
 * an entry is a link, leaves the target or takes the place of another. Errors of the disk pass through. After an error the target
 * holds what was written before; removing it is the caller's.
 */
export async function extractZip({ zipPath, targetDir, limits }: ExtractZipOptions): Promise<ExtractedZip> {
  const archiveBytes = (await stat(zipPath)).size;
  const budget = createBudget({ ...DEFAULT_ZIP_LIMITS, ...limits }, archiveBytes);
  const folders = createFolders(targetDir);
  await folders.make('');
  try {
    // yauzl refuses names that leave the folder and makes `/` of the `\` some Windows tools write.
    const zip = await openPromise(zipPath, { validateEntrySizes: true, strictFileNames: false });
    // A rejected iteration tells everything; without a listener the same error would be thrown a second time.
    zip.on('error', () => undefined);
    budget.checkEntryCount(zip.entryCount);
    let fileCount = 0;
    for await (const entry of zip.eachEntry()) {
      budget.take(entry);
      const { kind, path, executable } = entryKind(entry);
      await folders.make(kind === 'directory' ? path : parentOf(path));
      if (kind === 'directory') continue;
      await writeFile(zip, entry, { path: join(targetDir, path), mode: executable ? 0o755 : 0o644 });
      fileCount++;
    }
    return { dir: targetDir, fileCount, totalBytes: budget.usedBytes() };
  } catch (error) {
    throw asBadZip(error);
  }
}

/**
 * Counts declared sizes. That is enough: yauzl stops a stream that yields more than its entry declares. Entries that share their
 * data are counted each.
 */
function createBudget(limits: ZipLimits, archiveBytes: number) {
  let entries = 0;
  let bytes = 0;
  const checkEntryCount = (count: number): void => {
    if (count > limits.maxEntries) throw badZip(`It has more than ${limits.maxEntries} entries.`);
  };
  return {
    checkEntryCount,
    take(entry: Entry): void {
      checkEntryCount(++entries);
      bytes += entry.uncompressedSize;
      if (bytes > limits.maxTotalBytes) throw badZip(`Unpacked it has more than ${limits.maxTotalBytes} bytes.`);
      if (bytes > limits.ratioFreeBytes && bytes > archiveBytes * limits.maxRatio) {
        throw badZip(`Unpacked it has more than ${limits.maxRatio} times the bytes of the archive.`);
      }
    },
    usedBytes: () => bytes,
  };
}

function createFolders(targetDir: string) {
  const made = new Set<string>();
  return {
    async make(path: string): Promise<void> {
      if (made.has(path)) return;
      await mkdir(join(targetDir, path), { recursive: true });
      made.add(path);
    },
  };
}

function parentOf(path: string): string {
  const parent = dirname(path);
  return parent === '.' ? '' : parent;
}

/** Small files are collected and written at once, which is several times faster than a stream for each of thousands. */
const COLLECTED_BYTES = 1024 * 1024;

interface Target {
  readonly path: string;
  readonly mode: number;
}

async function writeFile(zip: ZipFile, entry: Entry, target: Target): Promise<void> {
  const source = await zip.openReadStreamPromise(entry);
  const checksum =
    entry.uncompressedSize <= COLLECTED_BYTES ? await writeAtOnce(source, target) : await stream(source, target);
  if (checksum !== entry.crc32)
    throw badZip(`Entry ${JSON.stringify(entry.fileName)} is damaged: its checksum is wrong.`);
}

async function writeAtOnce(source: Readable, { path, mode }: Target): Promise<number> {
  const chunks: Buffer[] = [];
  for await (const chunk of source) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const file = await open(path, MUST_BE_NEW, mode);
  try {
    await file.writeFile(bytes);
  } finally {
    await file.close();
  }
  return crc32(bytes);
}

async function stream(source: Readable, { path, mode }: Target): Promise<number> {
  let checksum = 0;
  await pipeline(
    source,
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        checksum = crc32(chunk, checksum);
        yield chunk;
      }
    },
    createWriteStream(path, { flags: MUST_BE_NEW, mode }),
  );
  return checksum;
}

/** Fails when anything is there already, so that no two entries (`a` and `./a`, `A` and `a` on some systems) share a place. */
const MUST_BE_NEW = 'wx';
