import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ZipFile } from 'yazl';
import { extractZip, loadProject, readProjectZip } from '../index.js';
import { writeZip } from '../testing/write-zip.js';

let folder = '';
let zipPath = '';
let targetDir = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'extract-zip-'));
  zipPath = join(folder, 'project.zip');
  targetDir = join(folder, 'target');
});
afterEach(() => rm(folder, { recursive: true }));

describe('extractZip', () => {
  it('unpacks stored and deflated files, folders and odd names', async () => {
    await writeZip(zipPath, [
      { path: 'empty/' },
      { path: 'a/b/stored.txt', content: 'stored', compress: false },
      { path: './c.txt', content: 'dot' },
      { path: 'größe 数 .txt', content: 'utf-8' },
      { path: 'zero.txt', content: '' },
      { path: 'big.txt', content: 'x'.repeat(3_000_000) },
      { path: '__MACOSX/._c.txt', content: 'twin' },
      { path: ' -rf .txt', content: 'odd' },
    ]);
    const extracted = await extractZip({ zipPath, targetDir });
    expect(extracted).toEqual({ dir: targetDir, fileCount: 7, totalBytes: 3_000_021 });
    expect(await namesIn(targetDir)).toEqual([
      ' -rf .txt',
      '__MACOSX',
      '__MACOSX/._c.txt',
      'a',
      'a/b',
      'a/b/stored.txt',
      'big.txt',
      'c.txt',
      'empty',
      'größe 数 .txt',
      'zero.txt',
    ]);
    expect(await readFile(join(targetDir, 'a/b/stored.txt'), 'utf8')).toBe('stored');
    expect((await stat(join(targetDir, 'big.txt'))).size).toBe(3_000_000);
  });

  it('reads archives whose sizes stand behind the data', async () => {
    const zip = new ZipFile();
    zip.addReadStream(Readable.from([Buffer.from('type=noop\n')]), 'a.job');
    zip.end();
    await pipeline(zip.outputStream as NodeJS.ReadableStream, createWriteStream(zipPath));
    expect((await readProjectZip({ zipPath, tempDir: folder })).definition.flows).toHaveProperty('a');
    expect(await readdir(folder)).toEqual(['project.zip']);
  });

  it('makes files executable that are so in the archive, and no others', async () => {
    await writeZip(zipPath, [
      { path: 'run.sh', mode: 0o100755 },
      { path: 'data.txt', mode: 0o100666 },
      { path: 'owner.sh', mode: 0o100700 },
    ]);
    await extractZip({ zipPath, targetDir });
    const modes = await Promise.all(['run.sh', 'data.txt', 'owner.sh'].map((name) => stat(join(targetDir, name))));
    expect(modes.map(({ mode }) => (mode & 0o100) !== 0)).toEqual([true, false, true]);
    expect(modes.map(({ mode }) => mode & 0o7022)).toEqual([0, 0, 0]);
  });

  it('takes backslashes of Windows tools for slashes', async () => {
    await writeZip(zipPath, [{ path: 'sub_job.job', content: 'type=noop' }]);
    await patchNames('sub_job.job', 'sub\\job.job');
    await extractZip({ zipPath, targetDir });
    expect(await namesIn(targetDir)).toEqual(['sub', 'sub/job.job']);
  });

  it('unpacks an archive too large to be held in memory', async () => {
    const large = randomBytes(33 * 1024 * 1024);
    await writeZip(zipPath, [
      { path: 'small.txt', content: 'small' },
      { path: 'large.bin', content: large },
    ]);
    await extractZip({ zipPath, targetDir });
    expect((await readFile(join(targetDir, 'large.bin'))).equals(large)).toBe(true);
    expect(await readFile(join(targetDir, 'small.txt'), 'utf8')).toBe('small');
    await rm(targetDir, { recursive: true });
    await expect(extractZip({ zipPath, targetDir, limits: { maxEntries: 1 } })).rejects.toMatchObject({
      kind: 'invalid',
    });
  });

  it('loads a project with a thousand files', async () => {
    await writeZip(
      zipPath,
      Array.from({ length: 1_000 }, (_, at) => ({ path: `d${at % 50}/j${at}.job`, content: 'type=noop' })),
    );
    await extractZip({ zipPath, targetDir });
    expect((await loadProject({ dir: targetDir })).counts.jobs).toBe(1_000);
  }, 60_000);
});

describe('an archive is refused', () => {
  const refused = async (reason: RegExp, limits = {}): Promise<void> => {
    await expect(extractZip({ zipPath, targetDir, limits })).rejects.toMatchObject({
      name: 'DomainError',
      code: 'upload.bad-zip',
      details: { reason: expect.stringMatching(reason) },
    });
  };

  it.each([
    ['climbs out of the folder', '../evil.txt'],
    ['climbs out from below', 'a/../../b.txt'],
    ['is absolute', '/etc/passwdx'],
    ['has a drive', 'C:/evil.txt'],
    ['climbs with backslashes', '..\\evil.txt'],
    ['contains a zero byte', 'a\0b.txt'],
  ])('when an entry %s', async (_title, name) => {
    await writeZip(zipPath, [{ path: 'good.txt' }, { path: 'x'.repeat(name.length) }]);
    await patchNames('x'.repeat(name.length), name);
    await refused(/./);
    expect(await readdir(folder)).toEqual(['project.zip', 'target']);
  });

  it.each([
    ['a symbolic link', 0o120777],
    ['a pipe', 0o010644],
    ['a device', 0o060644],
  ])('when an entry is %s', async (_title, mode) => {
    await writeZip(zipPath, [{ path: 'odd', content: '/etc/passwd', mode }]);
    await refused(/is a symbolic link|is a special file/);
    expect(await namesIn(targetDir)).toEqual([]);
  });

  it.each([
    ['one name', ['a.job', 'a.job']],
    ['one place', ['a.job', './a.job']],
    ['a file and a folder', ['a', 'a/b.job']],
    ['a folder and a file', ['a/b.job', 'a']],
  ])('when entries share %s', async (_title, paths) => {
    await writeZip(
      zipPath,
      paths.map((path) => ({ path })),
    );
    await refused(/EEXIST|ENOTDIR|EISDIR/);
  });

  it('when a name is longer than a file system allows', async () => {
    await writeZip(zipPath, [{ path: `${'n'.repeat(300)}.job` }]);
    await refused(/ENAMETOOLONG/);
  });

  it('when it is encrypted', async () => {
    await writeZip(zipPath, [{ path: 'a.job', content: 'type=noop' }]);
    await patchHeaders((bytes, at, { flags }) => bytes.writeUInt16LE(bytes.readUInt16LE(at + flags) | 1, at + flags));
    await refused(/is encrypted/);
  });

  it.each([
    ['is empty', () => Buffer.alloc(0)],
    ['is no zip', () => Buffer.from('<html>an error page</html>')],
    ['is cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 30)],
    ['is cut in the middle', (bytes: Buffer) => bytes.subarray(bytes.length >> 1)],
    ['has damaged data', (bytes: Buffer) => flipped(bytes, 30 + 'a.job'.length + 2)],
  ])('when it %s', async (_title, damage) => {
    await writeZip(zipPath, [{ path: 'a.job', content: 'type=noop\n'.repeat(20) }]);
    await writeFile(zipPath, damage(await readFile(zipPath)));
    await refused(/./);
  });

  it('when stored data does not fit its checksum', async () => {
    await writeZip(zipPath, [{ path: 'a.job', content: 'type=noop', compress: false }]);
    await writeFile(zipPath, flipped(await readFile(zipPath), 30 + 'a.job'.length + 2));
    await refused(/checksum/);
  });

  it('when it has too many entries, before any is unpacked', async () => {
    await writeFile(zipPath, archiveOfEmptyFiles(100_000));
    await refused(/more than 50000 entries/);
    expect(await namesIn(targetDir)).toEqual([]);
  });

  it('when it unpacks to too much, or to much more than it is', async () => {
    const zeros = Buffer.alloc(20_000_000);
    await writeZip(
      zipPath,
      Array.from({ length: 5 }, (_, at) => ({ path: `z${at}`, content: zeros })),
    );
    await refused(/more than 200 times/);
    await rm(targetDir, { recursive: true });
    await refused(/more than 1000000 bytes/, { maxTotalBytes: 1_000_000 });
    expect(await namesIn(targetDir)).toEqual([]);
  });

  it.each([
    [10, 100_000, /has 11 bytes instead|larger than 11 bytes/],
    [100_001, 100_000, /has 100000 bytes instead of the 100001/],
    [300_000, 3_000_000, /too many bytes/],
    [4_000_000, 3_000_000, /not enough bytes/],
  ])('when an entry declares %i bytes and yields %i', async (declared, real, reason) => {
    await writeZip(zipPath, [{ path: 'a.txt', content: 'x'.repeat(real) }]);
    await patchHeaders((bytes, at, { size }) => bytes.writeUInt32LE(declared, at + size));
    await refused(reason);
  });

  it('but not when the archive itself is missing: that is no fault of its author', async () => {
    await expect(extractZip({ zipPath: join(folder, 'nowhere.zip'), targetDir })).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });

  it('and readProjectZip leaves nothing behind', async () => {
    await writeFile(zipPath, 'no zip');
    await expect(readProjectZip({ zipPath, tempDir: folder })).rejects.toMatchObject({ code: 'upload.bad-zip' });
    expect(await readdir(folder)).toEqual(['project.zip']);
  });
});

/** Central directory and its end records (zip64, as so many entries need) alone: nobody is to look at the data. */
function archiveOfEmptyFiles(count: number): Buffer {
  const headers = Array.from({ length: count }, (_, at) => {
    const name = Buffer.from(`f${at}`);
    const header = Buffer.alloc(46 + name.length);
    header.writeUInt32LE(CENTRAL_HEADER.signature);
    header.writeUInt16LE(name.length, 28);
    name.copy(header, 46);
    return header;
  });
  const directory = Buffer.concat(headers);
  const end64 = Buffer.alloc(56);
  end64.writeUInt32LE(0x06064b50);
  end64.writeBigUInt64LE(44n, 4);
  end64.writeBigUInt64LE(BigInt(count), 24);
  end64.writeBigUInt64LE(BigInt(count), 32);
  end64.writeBigUInt64LE(BigInt(directory.length), 40);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50);
  locator.writeBigUInt64LE(BigInt(directory.length), 8);
  locator.writeUInt32LE(1, 16);
  const end = Buffer.alloc(22, 0xff);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt32LE(0, 4);
  end.writeUInt16LE(0, 20);
  return Buffer.concat([directory, end64, locator, end]);
}

async function namesIn(dir: string): Promise<readonly string[]> {
  return (await readdir(dir, { recursive: true })).sort();
}

/** Replaces a name in all headers; both have the same length, and tools that write archives would refuse the new one. */
async function patchNames(from: string, to: string): Promise<void> {
  const bytes = await readFile(zipPath);
  for (let at = bytes.indexOf(from); at !== -1; at = bytes.indexOf(from, at + 1)) bytes.write(to, at, 'latin1');
  await writeFile(zipPath, bytes);
}

const LOCAL_HEADER = { signature: 0x04034b50, flags: 6, size: 22 };
const CENTRAL_HEADER = { signature: 0x02014b50, flags: 8, size: 24 };

async function patchHeaders(
  patch: (bytes: Buffer, at: number, offsets: { flags: number; size: number }) => void,
): Promise<void> {
  const bytes = await readFile(zipPath);
  for (const header of [LOCAL_HEADER, CENTRAL_HEADER]) {
    const signature = Buffer.alloc(4);
    signature.writeUInt32LE(header.signature);
    for (let at = bytes.indexOf(signature); at !== -1; at = bytes.indexOf(signature, at + 4)) patch(bytes, at, header);
  }
  await writeFile(zipPath, bytes);
}

function flipped(bytes: Buffer, at: number): Buffer {
  const damaged = Buffer.from(bytes);
  damaged[at] = (damaged[at] ?? 0) ^ 0xff;
  return damaged;
}
