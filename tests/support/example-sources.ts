import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { ProjectSources } from './zip-of.js';

const EXAMPLES = join(import.meta.dirname, '../../examples');

/** The files of an example project, by path inside the zip. */
export function exampleSources(...path: readonly string[]): ProjectSources {
  const folder = join(EXAMPLES, ...path);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const file = join(parentPath, name);
      return [relative(folder, file), readFileSync(file, 'utf8')];
    }),
  );
}
