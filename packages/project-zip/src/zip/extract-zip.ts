import { createWriteStream, writeFileSync } from 'node:fs';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import { crc32, inflateRawSync } from 'node:zlib';
import { fromBufferPromise, openPromise } from 'yauzl';
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
 * Unpacks an archive in bounded memory: at most 32 MiB of it and one small entry at a time. Sizes come from the central
 * directory, so archives of streaming writers are fine. Files get mode 755 where the archive marks them executable, else 644.
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
    const zip = await openArchive(zipPath, archiveBytes);
    try {
      budget.checkEntryCount(zip.entryCount);
      let fileCount = 0;
      for await (const entry of zip.eachEntry()) {
        if (budget.take(entry) % ENTRIES_PER_BATCH === 0) await setImmediate(); // Others have requests to answer.
        if (await extractEntry(zip, entry, { targetDir, folders })) fileCount++;
      }
      return { dir: targetDir, fileCount, totalBytes: budget.usedBytes() };
    } finally {
      zip.close(); // Harmless when the iteration has done it.
    }
  } catch (error) {
    throw asBadZip(error);
  }
}

const ENTRIES_PER_BATCH = 100;

/**
 * yauzl refuses names that leave the folder and makes `/` of the `\` some Windows tools write. It reads every header by itself; an
 * archive that is not large is therefore read as a whole first.
 */
async function openArchive(zipPath: string, archiveBytes: number): Promise<ZipFile> {
  const options = { validateEntrySizes: true, strictFileNames: false };
  const zip = await (archiveBytes > BUFFERED_ARCHIVE_BYTES
    ? openPromise(zipPath, options)
    : fromBufferPromise(await readFile(zipPath), options));
  // A rejected iteration tells everything; without a listener the same error would be thrown a second time.
  zip.on('error', () => undefined);
  return zip;
}

const BUFFERED_ARCHIVE_BYTES = 32 * 1024 * 1024;

/** true when the entry is a file. */
async function extractEntry(
  zip: ZipFile,
  entry: Entry,
  { targetDir, folders }: { readonly targetDir: string; readonly folders: Folders },
): Promise<boolean> {
  const { kind, path, executable } = entryKind(entry);
  try {
    await folders.make(kind === 'directory' ? path : parentOf(path));
    if (kind === 'directory') return false;
    await writeFile(zip, entry, { path: join(targetDir, path), mode: executable ? 0o755 : 0o644 });
    return true;
  } catch (error) {
    throw asBadZip(error, entry.fileName);
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
    /** The number of entries so far. */
    take(entry: Entry): number {
      checkEntryCount(++entries);
      bytes += entry.uncompressedSize;
      if (bytes > limits.maxTotalBytes) throw badZip(`Unpacked it has more than ${limits.maxTotalBytes} bytes.`);
      if (bytes > limits.ratioFreeBytes && bytes > archiveBytes * limits.maxRatio) {
        throw badZip(`Unpacked it has more than ${limits.maxRatio} times the bytes of the archive.`);
      }
      return entries;
    },
    usedBytes: () => bytes,
  };
}

type Folders = ReturnType<typeof createFolders>;

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

interface Target {
  readonly path: string;
  readonly mode: number;
}

async function writeFile(zip: ZipFile, entry: Entry, target: Target): Promise<void> {
  const isSmall = entry.uncompressedSize <= SMALL_FILE_BYTES && entry.compressedSize <= SMALL_FILE_BYTES;
  const checksum = isSmall ? await writeAtOnce(zip, entry, target) : await streamFile(zip, entry, target);
  if (checksum !== entry.crc32)
    throw badZip(`Entry ${JSON.stringify(entry.fileName)} is damaged: its checksum is wrong.`);
}

/**
 * A small file is inflated and written synchronously: with a decoder and a write stream of its own, each of thousands of job
 * files costs about twenty times more, most of it for handing work to threads and back.
 */
async function writeAtOnce(zip: ZipFile, entry: Entry, { path, mode }: Target): Promise<number> {
  const source = await zip.openReadStreamPromise(entry, { decodeFileData: false });
  const chunks: Buffer[] = [];
  for await (const chunk of source) chunks.push(chunk as Buffer);
  const bytes = decode(Buffer.concat(chunks), entry);
  writeFileSync(path, bytes, { flag: MUST_BE_NEW, mode });
  return crc32(bytes);
}

const SMALL_FILE_BYTES = 256 * 1024;

function decode(raw: Buffer, entry: Entry): Buffer {
  const show = JSON.stringify(entry.fileName);
  if (!entry.canDecodeFileData())
    throw badZip(`Entry ${show} has the unknown compression method ${entry.compressionMethod}.`);
  const bytes =
    entry.compressionMethod === STORED ? raw : inflateRawSync(raw, { maxOutputLength: entry.uncompressedSize + 1 });
  if (bytes.length === entry.uncompressedSize) return bytes;
  throw badZip(`Entry ${show} has ${bytes.length} bytes instead of the ${entry.uncompressedSize} it declares.`);
}

const STORED = 0;

async function streamFile(zip: ZipFile, entry: Entry, { path, mode }: Target): Promise<number> {
  const source = await zip.openReadStreamPromise(entry);
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
