import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './run.mjs';

/**
 * Compiles when a source has changed since the last build. "Changed" is decided by names, sizes and times of the sources,
 * about 10 ms for the whole tree; asking `tsc -b` itself costs over a second. Ends the process when it does not compile.
 */
export async function ensureBuilt(root) {
  const { state, complete } = stateOfSources(root);
  if (state === undefined || (complete && state === readIfThere(stampOf(root)))) return;
  console.error('Building Lockstep …');
  const { code, printed } = await build(root);
  if (code === 0) return;
  if (code > 128) process.exit(code);
  console.error(`${printed.trimEnd()}\n\nLockstep does not compile; the errors stand above.`);
  process.exit(1);
}

/** Compiles, and remembers for which sources when that went well. */
export async function build(root) {
  const { state } = stateOfSources(root);
  const result = await run(root, process.execPath, ['node_modules/typescript/bin/tsc', '-b'], { output: 'capture' });
  if (result.code === 0) remember(stampOf(root), state);
  return result;
}

function stampOf(root) {
  return new URL('node_modules/.cache/lockstep/build', root);
}

function remember(stamp, state) {
  try {
    mkdirSync(new URL('.', stamp), { recursive: true });
    writeFileSync(stamp, state ?? '');
  } catch {
    // Without the stamp the next start builds again, which is slow and right.
  }
}

/** `state` undefined: there are no sources here (an image that only carries the build). */
function stateOfSources(root) {
  const hash = createHash('sha256');
  const base = fileURLToPath(root);
  let files = 0;
  let complete = true;
  for (const group of ['packages', 'apps']) {
    for (const workspace of foldersIn(join(base, group))) {
      const entries = existsSync(join(workspace, 'src'))
        ? readdirSync(join(workspace, 'src'), { recursive: true })
        : [];
      if (entries.includes('index.ts') && !existsSync(join(workspace, 'dist', 'index.js'))) complete = false;
      for (const name of ['package.json', 'tsconfig.json', ...entries.map((entry) => join('src', entry))]) {
        if (!/\.(ts|json)$/.test(name) || /\.i?test\.ts$/.test(name)) continue;
        const facts = statSync(join(workspace, name), { throwIfNoEntry: false });
        if (!facts) continue;
        if (name.endsWith('.ts')) files += 1;
        hash.update(`${workspace}/${name} ${facts.size} ${facts.mtimeMs}\n`);
      }
    }
  }
  return { state: files > 0 ? hash.digest('hex') : undefined, complete };
}

function foldersIn(folder) {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name))
    .sort();
}

function readIfThere(url) {
  try {
    return readFileSync(url, 'utf8');
  } catch {
    return undefined;
  }
}
