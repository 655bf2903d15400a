#!/usr/bin/env node
// In a clone the build may be missing or old; a packaged Lockstep has no sources and needs neither step.
import { existsSync } from 'node:fs';

const root = new URL('../../../', import.meta.url);
if (existsSync(new URL('scripts/setup/ensure-built.mjs', root))) {
  const { checkNode } = await import(new URL('scripts/setup/check-node.mjs', root).href);
  const { ensureBuilt } = await import(new URL('scripts/setup/ensure-built.mjs', root).href);
  checkNode(root);
  await ensureBuilt(root);
}
const { main } = await import('../dist/index.js');
await main(process.argv);
