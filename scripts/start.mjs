// What `npm start` runs: makes a fresh clone ready (dependencies, build), then becomes the server.
// Plain Node without dependencies, since on a fresh clone there are none yet.
import { checkNode } from './setup/check-node.mjs';
import { ensureBuilt } from './setup/ensure-built.mjs';
import { ensureInstalled } from './setup/ensure-installed.mjs';
import { useCompileCache } from './setup/use-compile-cache.mjs';

const root = new URL('..', import.meta.url);
checkNode(root);
await ensureInstalled(root);
await ensureBuilt(root);
useCompileCache(root);
// In this very process: signals reach the server directly, and there is no child to be left behind.
const { serve } = await import(new URL('apps/server/dist/index.js', root).href);
await serve();
