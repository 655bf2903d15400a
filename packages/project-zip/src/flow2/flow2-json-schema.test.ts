import { describe, expect, it } from '@jest/globals';
import { flow2JsonSchema } from './flow2-json-schema.js';
import { FLOW_KEYS } from './flow2-schema.js';

describe('the JSON Schema of flow files', () => {
  const schema = flow2JsonSchema() as unknown as SchemaNode;

  it('has exactly the keys the reader knows, for the file and for its nodes', () => {
    expect(Object.keys(schema.properties)).toEqual(Object.keys(FLOW_KEYS));
    expect(Object.keys(schema.$defs['node']?.properties ?? {})).toEqual(Object.keys(FLOW_KEYS));
    expect(Object.keys(schema.$defs).sort()).toEqual(['node', 'trigger', 'triggerDependency']);
  });

  it('requires what a load would miss', () => {
    expect(schema.required).toEqual(['nodes']);
    expect(schema.$defs['node']?.required).toEqual(['name', 'type']);
    expect(schema.additionalProperties).toBe(false);
  });

  it('describes every key and only refers to maps it defines', () => {
    const text = JSON.stringify(schema);
    for (const [, name = ''] of text.matchAll(/"#\/\$defs\/(\w+)"/g)) expect(schema.$defs).toHaveProperty(name);
    for (const node of [schema, ...Object.values(schema.$defs)]) {
      for (const property of Object.values(node.properties)) expect(property.description).toMatch(/\.$|> 0$/);
    }
  });
});

interface SchemaNode {
  readonly properties: Readonly<Record<string, { readonly description: string }>>;
  readonly required: readonly string[];
  readonly additionalProperties: boolean;
  readonly $defs: Readonly<Record<string, Omit<SchemaNode, '$defs'>>>;
}
