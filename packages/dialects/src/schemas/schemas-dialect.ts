import type { Dialect } from '../dialect.js';

export interface SchemasDialectDependencies {
  /** By file name: what `/schemas/<name>` answers. */
  readonly schemas: Readonly<Record<string, object>>;
}

const PREFIX = '/schemas/';

/** JSON Schemas of project files, for editors: without login, since an editor has none. */
export function createSchemasDialect({ schemas }: SchemasDialectDependencies): Dialect {
  const files = new Map(
    Object.entries(schemas).map(([name, schema]) => [`${PREFIX}${name}`, JSON.stringify(schema, undefined, 2)]),
  );
  return {
    name: 'schemas',
    mount(router) {
      router.use((request, response, next) => {
        const text = files.get(request.path);
        const isRead = request.method === 'GET' || request.method === 'HEAD';
        if (text === undefined || !isRead) return next();
        response.writeHead(200, {
          'Content-Type': 'application/schema+json',
          'Content-Length': Buffer.byteLength(text),
          'Cache-Control': 'public, max-age=3600',
          // Editors that live in a browser ask from another origin; there is nothing secret in it.
          'Access-Control-Allow-Origin': '*',
        });
        response.end(text);
      });
    },
  };
}
