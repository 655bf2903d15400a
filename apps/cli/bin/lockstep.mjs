#!/usr/bin/env node
// In a clone the build may be missing or old; a packaged Lockstep has no sources and needs none of this.
import { existsSync } from 'node:fs';

const root = new URL('../../../', import.meta.url);
const setup = (name) => new URL(`scripts/setup/${name}.mjs`, root);
if (existsSync(setup('ensure-built'))) {
  const { checkNode } = await import(setup('check-node').href);
  const { ensureBuilt } = await import(setup('ensure-built').href);
  const { useCompileCache } = await import(setup('use-compile-cache').href);
  checkNode(root);
  await ensureBuilt(root);
  useCompileCache(root);
}
const { main } = await import('../dist/index.js');
await main(process.argv);
