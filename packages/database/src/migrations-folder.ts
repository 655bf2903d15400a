import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** `migrations/` of the installation: the nearest one above this file, compiled or not. */
export function migrationsFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const candidate = join(folder, 'migrations');
    if (existsSync(join(candidate, '0001_projects.sql'))) return candidate;
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`No folder "migrations" found above ${fileURLToPath(import.meta.url)}.`);
    folder = parent;
  }
}
