// What `npm run docs` runs: writes the reference pages that are generated from tables in the code.
import { mkdirSync, writeFileSync } from 'node:fs';
import { ensureBuilt } from './setup/ensure-built.mjs';
import { ensureInstalled } from './setup/ensure-installed.mjs';

const root = new URL('..', import.meta.url);
await ensureInstalled(root);
await ensureBuilt(root);
const { configurationReference } = await import(new URL('apps/server/dist/index.js', root).href);

const pages = { 'docs/reference/configuration.md': configurationReference() };
for (const [path, page] of Object.entries(pages)) {
  const file = new URL(path, root);
  mkdirSync(new URL('.', file), { recursive: true });
  writeFileSync(file, page);
  console.log(path);
}
