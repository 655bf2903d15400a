import { createAzkabanDialect } from './azkaban/azkaban-dialect.js';
import type { AzkabanDialectDependencies } from './azkaban/options.js';
import type { Dialect } from './dialect.js';

/** Every API the server speaks, in the order of asking. Azkaban's comes last: it answers every path. */
export function createDialects({ azkaban }: { azkaban: AzkabanDialectDependencies }): readonly Dialect[] {
  return [createAzkabanDialect(azkaban)];
}
