import { isNativeError } from 'node:util/types';
import { DomainError } from '@lockstep/domain';

/** The archive cannot be unpacked safely. Azkaban's words for every such case are "Error unzipping file."; the reason is ours. */
export function badZip(reason: string, cause?: unknown): DomainError {
  return new DomainError('upload.bad-zip', { reason }, cause === undefined ? undefined : { cause });
}

/**
 * Errors of the archive become `upload.bad-zip`. Errors of this machine (disk full, no rights, too many open files) stay what they
 * are: another try elsewhere could succeed.
 */
export function asBadZip(error: unknown, entryName?: string): unknown {
  if (error instanceof DomainError || !isNativeError(error)) return error;
  const { syscall, code } = error as NodeJS.ErrnoException;
  if (syscall !== undefined && !CAUSED_BY_NAMES.has(code ?? '')) return error;
  const reason = error.message.replace(/, \w+ '.*/s, ''); // Without the path, which is one of this machine.
  return badZip(entryName === undefined ? reason : `Entry ${JSON.stringify(entryName)}: ${reason}`, error);
}

/** Two entries claim one place, or the file system cannot have such a name. */
const CAUSED_BY_NAMES: ReadonlySet<string> = new Set([
  'EEXIST',
  'ENOTDIR',
  'EISDIR',
  'ENAMETOOLONG',
  'EINVAL',
  'EILSEQ',
]);
