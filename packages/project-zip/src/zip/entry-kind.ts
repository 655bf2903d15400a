import type { Entry } from 'yauzl';
import { badZip } from './bad-zip.js';

export interface EntryKind {
  readonly kind: 'file' | 'directory';
  /** Relative, normalised, `/` between names; '' for the root folder itself. */
  readonly path: string;
  readonly executable: boolean;
}

/** Reads what an entry is; throws `upload.bad-zip` for what must never be unpacked. */
export function entryKind(entry: Entry): EntryKind {
  const { fileName } = entry;
  const show = JSON.stringify(fileName);
  if (entry.isEncrypted()) throw badZip(`Entry ${show} is encrypted.`);
  // The upper half of the attributes is the Unix mode where the writer knew one, else 0.
  const mode = entry.externalFileAttributes >>> 16;
  const type = mode & FILE_TYPE_MASK;
  if (type === SYMBOLIC_LINK) throw badZip(`Entry ${show} is a symbolic link.`);
  if (type !== 0 && type !== REGULAR_FILE && type !== DIRECTORY) throw badZip(`Entry ${show} is a special file.`);

  const path = safePath(fileName);
  if (fileName.endsWith('/')) return { kind: 'directory', path, executable: false };
  if (path === '') throw badZip(`Entry ${show} has no name.`);
  return { kind: 'file', path, executable: (mode & ANY_MAY_EXECUTE) !== 0 };
}

const FILE_TYPE_MASK = 0o170000;
const REGULAR_FILE = 0o100000;
const DIRECTORY = 0o040000;
const SYMBOLIC_LINK = 0o120000;
const ANY_MAY_EXECUTE = 0o111;

/** Drops empty and `.` parts. Absolute names and `..` were refused by yauzl already; they are refused here again, on purpose. */
function safePath(fileName: string): string {
  const parts = fileName.split('/').filter((part) => part !== '' && part !== '.');
  if (fileName.startsWith('/') || parts.includes('..') || /[\0\\]/.test(fileName)) {
    throw badZip(`Entry ${JSON.stringify(fileName)} leaves the target folder or has an impossible name.`);
  }
  return parts.join('/');
}
