import module from 'node:module';
import { fileURLToPath } from 'node:url';

/** Keeps compiled code between starts where Node can (22.1 and newer); saves about a third of the loading time. */
export function useCompileCache(root) {
  module.enableCompileCache?.(fileURLToPath(new URL('node_modules/.cache/lockstep/compiled', root)));
}
