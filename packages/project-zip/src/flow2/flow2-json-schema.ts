import { FLOW_KEYS } from './flow2-schema.js';
import type { Definition, JsonSchema, Key } from './schema-shapes.js';

/** A JSON Schema (draft 2020-12) for `.flow` files, made from the tables that read them; for editors and `lockstep validate`. */
export function flow2JsonSchema(): JsonSchema {
  const definitions = collect({ name: 'file', keys: FLOW_KEYS });
  definitions.delete('file');
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Flow 2.0 file',
    description: 'One flow of a project; its name is the name of the file.',
    ...objectSchema(FLOW_KEYS, ['nodes']),
    $defs: Object.fromEntries(
      [...definitions.values()].map((definition) => [definition.name, definitionSchema(definition)]),
    ),
  };
}

function definitionSchema({ name, keys }: Definition): JsonSchema {
  const schema = objectSchema(keys, REQUIRED_KEYS[name] ?? []);
  return name === 'node' ? { ...schema, ...EMBEDDED_FLOW_NEEDS_NODES } : schema;
}

const REQUIRED_KEYS: Readonly<Record<string, readonly string[]>> = {
  node: ['name', 'type'],
  trigger: ['schedule'],
  triggerDependency: ['name', 'type'],
};

const EMBEDDED_FLOW_NEEDS_NODES: JsonSchema = {
  if: { properties: { type: { const: 'flow' } }, required: ['type'] },
  then: { required: ['nodes'] },
};

function objectSchema(keys: Definition['keys'], required: readonly string[]): JsonSchema {
  const properties = Object.entries(keys).map(([name, key]: [string, Key<unknown>]) => [name, key.schema] as const);
  return { type: 'object', properties: Object.fromEntries(properties), required, additionalProperties: false };
}

function collect(first: Definition): Map<string, Definition> {
  const found = new Map([[first.name, first]]);
  const waiting = [first];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const definition of Object.values(next.keys).flatMap((key) => key.definitions())) {
      if (found.has(definition.name)) continue;
      found.set(definition.name, definition);
      waiting.push(definition);
    }
  }
  return found;
}
