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
  return { ...schema, ...CONDITIONAL_NEEDS[name] };
}

const REQUIRED_KEYS: Readonly<Record<string, readonly string[]>> = {
  node: ['name', 'type'],
  trigger: ['schedule'],
  triggerDependency: ['name', 'type'],
};

/** An embedded flow needs nodes, and whoever waits for something has to say how long. */
const CONDITIONAL_NEEDS: Readonly<Record<string, JsonSchema>> = {
  node: {
    if: { properties: { type: { const: 'flow' } }, required: ['type'] },
    then: { required: ['nodes'], properties: { nodes: { type: 'array' } } },
  },
  trigger: {
    if: { properties: { triggerDependencies: { type: 'array', minItems: 1 } }, required: ['triggerDependencies'] },
    then: { required: ['maxWaitMins'], properties: { maxWaitMins: { type: 'integer' } } },
  },
};

function objectSchema(keys: Definition['keys'], required: readonly string[]): JsonSchema {
  const properties = Object.entries(keys).map(([name, { schema }]: [string, Key<unknown>]) => {
    return [name, required.includes(name) ? withoutNull(schema) : schema] as const;
  });
  return { type: 'object', properties: Object.fromEntries(properties), required, additionalProperties: false };
}

/** A key that is there without a value counts as missing. */
function withoutNull({ type, ...rest }: JsonSchema): JsonSchema {
  return Array.isArray(type) ? { ...rest, type: type.filter((each) => each !== 'null') } : { type, ...rest };
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
