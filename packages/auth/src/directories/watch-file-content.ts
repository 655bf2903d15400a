import { unwatchFile, watch, watchFile } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { AuthLog } from '../auth-log.js';

/** Editors and configuration tools write in several steps; look once they have been quiet for so long. */
const QUIET_MS = 100;
/** How often to look where the system cannot tell of changes (network folders, no watches left). */
const POLL_MS = 5_000;

/**
 * Calls `onChange` when the text of the file is another than `known`, or than at the last look. It watches the folder, since most programs
 * replace a file instead of writing into it (and a mounted configuration swaps a link), after which a watch on the
 * file itself would look at the old one for ever. Does not keep the process alive.
 */
export function watchFileContent({
  path,
  known: first,
  log,
  onChange,
}: {
  path: string;
  known: string;
  log: AuthLog;
  onChange: () => void;
}): { close: () => void } {
  let known: string | undefined = first;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const watcher = watchFolder();
  if (watcher === undefined) poll();
  // The file may have changed since `known` was read and before the watch began.
  lookSoon();

  return { close };

  function watchFolder(): FSWatcher | undefined {
    try {
      const started = watch(dirname(path), { persistent: false }, lookSoon);
      started.on('error', (error) => {
        started.close();
        poll(error);
      });
      return started;
    } catch (error) {
      log.warn({ path, err: error }, 'The system cannot watch the folder of the users file.');
      return undefined;
    }
  }

  function poll(error?: Error): void {
    if (closed) return;
    log.warn({ path, err: error, everyMs: POLL_MS }, 'Looking at the users file at intervals instead of watching it.');
    watchFile(path, { persistent: false, interval: POLL_MS }, lookSoon);
  }

  function lookSoon(): void {
    clearTimeout(timer);
    timer = setTimeout(() => void look(), QUIET_MS);
    timer.unref();
  }

  async function look(): Promise<void> {
    const now = await contentOf(path);
    if (closed || now === known) return;
    known = now;
    onChange();
  }

  function close(): void {
    closed = true;
    clearTimeout(timer);
    watcher?.close();
    unwatchFile(path, lookSoon);
  }
}

/** Undefined when it cannot be read, which is a change as well. */
function contentOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
