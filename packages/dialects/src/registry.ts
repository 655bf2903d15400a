import { createAzkabanDialect } from './azkaban/azkaban-dialect.js';
import type { AzkabanDialectDependencies } from './azkaban/options.js';
import type { Dialect } from './dialect.js';
import { createSchemasDialect, type SchemasDialectDependencies } from './schemas/schemas-dialect.js';

/** Every API the server speaks, in the order of asking. Azkaban's comes last: it answers every path. */
export function createDialects({
  azkaban,
  schemas,
}: {
  azkaban: AzkabanDialectDependencies;
  schemas: SchemasDialectDependencies['schemas'];
}): readonly Dialect[] {
  return [createSchemasDialect({ schemas }), createAzkabanDialect(azkaban)];
}
