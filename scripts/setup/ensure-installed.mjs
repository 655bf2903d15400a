import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { npm } from './run.mjs';

/** Installs the dependencies unless node_modules has what package-lock.json names. Ends the process when that fails. */
export async function ensureInstalled(root) {
  if (isInstalled(root)) return;
  failUnlessWritable(root);
  console.error('Installing dependencies (only needed the first time and after an update) …');
  const { code, printed } = await install(root);
  if (code === 0) return;
  if (code > 128) process.exit(code);
  console.error(
    `${printed.trimEnd()}\n\nThe dependencies could not be installed; what npm said about it stands above. ` +
      'Check that this machine reaches the npm registry (npm ping), then start again.',
  );
  process.exit(1);
}

/**
 * `npm ci` installs exactly what is locked, but empties node_modules first: right for a fresh clone, needlessly slow when
 * only a package has changed. It also refuses (EUSAGE) a lock that was written with a registry that lacks some optional
 * packages of other platforms; `npm install` does not mind.
 */
async function install(root) {
  const options = ['--no-fund', '--no-audit', '--loglevel=error'];
  const isFresh = !existsSync(new URL('node_modules', root)) && existsSync(new URL('package-lock.json', root));
  if (isFresh) {
    const exact = await npm(root, ['ci', ...options], { output: 'capture' });
    if (!exact.printed.includes('EUSAGE')) return exact;
  }
  return npm(root, ['install', '--no-save', ...options], { output: 'capture' });
}

/** npm keeps a lock of what it really installed; optional packages of other platforms are missing there. */
function isInstalled(root) {
  const wanted = readPackages(new URL('package-lock.json', root));
  const installed = readPackages(new URL('node_modules/.package-lock.json', root));
  if (!installed) return false;
  if (!wanted) return true;
  return Object.entries(wanted).every(([path, { version, integrity, link, optional, dev, peer }]) => {
    if (!path.includes('node_modules/')) return true;
    const found = installed[path];
    if (!found) return Boolean(optional || peer || (dev && process.env.NODE_ENV === 'production'));
    return link ? Boolean(found.link) : found.version === version && found.integrity === integrity;
  });
}

function readPackages(url) {
  try {
    return JSON.parse(readFileSync(url, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

function failUnlessWritable(root) {
  const folder = fileURLToPath(root);
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    console.error(
      `Lockstep has to install its dependencies, but ${folder} is not writable for this user. ` +
        `Make it writable, or run npm ci && npm run build there as a user who may write.`,
    );
    process.exit(1);
  }
}
