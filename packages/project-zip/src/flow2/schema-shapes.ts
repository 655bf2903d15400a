import type { Properties } from '@lockstep/domain';
import { emptyProperties } from '@lockstep/props';
import { YamlFileError } from '../yaml/yaml-file-error.js';
import type { YamlValue } from '../yaml/parse-yaml.js';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** One key of a map: how its value is read, and how the JSON Schema describes it. */
export interface Key<Value> {
  /** `where` names the value in messages. Null reads as undefined: as if the key were not there. */
  readonly read: (value: YamlValue, where: string) => Value | undefined;
  readonly schema: JsonSchema;
  /** Maps with a name of their own that the schema refers to. */
  readonly definitions: () => readonly Definition[];
}

export interface Definition {
  /** Under `$defs` of the JSON Schema. */
  readonly name: string;
  readonly keys: Readonly<Record<string, Key<unknown>>>;
}

/** A table with exactly one key for each property of the bean; `line` is where the map begins. */
export type KeysOf<Bean> = {
  readonly [Name in Exclude<keyof Bean, 'line'>]: Key<Exclude<Bean[Name], undefined>>;
};

/** Reads a map by its table of keys; any other key is an error. */
export function readBean<Bean>(value: YamlValue, { keys, where }: { keys: KeysOf<Bean>; where: string }): Bean {
  if (value.kind !== 'map') throw wrong(value, `${where} must be a map`);
  const table = keys as unknown as Readonly<Record<string, Key<unknown>>>;
  const bean: Record<string, unknown> = { line: value.line };
  for (const name of Object.keys(table)) bean[name] = undefined;
  for (const [name, entry] of value.entries) {
    const key = Object.hasOwn(table, name) ? table[name] : undefined;
    if (key === undefined) {
      throw wrong(entry, `Unknown key "${name}" in ${where}; known keys are ${Object.keys(table).join(', ')}`);
    }
    bean[name] = key.read(entry, `"${name}" of ${where}`);
  }
  return bean as Bean;
}

export function text(description: string): Key<string> {
  return { read: readText, schema: { description, type: SCALAR }, definitions: none };
}

export function wholeNumber(description: string, { minimum }: { minimum: number }): Key<number> {
  return {
    read: (value, where) => {
      const written = readText(value, where);
      if (written === undefined) return undefined;
      if (!/^[+-]?\d{1,15}$/.test(written)) throw wrong(value, `${where} must be a whole number, not "${written}"`);
      return Number(written);
    },
    schema: { description, type: ['integer', 'null'], minimum },
    definitions: none,
  };
}

export function texts(description: string): Key<readonly string[]> {
  return {
    read: (value, where) =>
      readList(value, where)?.map((item) => {
        const written = readText(item, `An item of ${where}`);
        if (written === undefined) throw wrong(item, `An item of ${where} is empty`);
        return written;
      }),
    schema: { description, type: ['array', 'null'], items: { type: ['string', 'number', 'boolean'] } },
    definitions: none,
  };
}

export interface KnownProperties {
  readonly known: Readonly<Record<string, { readonly description: string; readonly schema?: JsonSchema }>>;
  /** The schema allows no others. (Reading allows them: where they are wrong, a check of its own says so.) */
  readonly closed?: true;
}

/** A map of single values. A null value is an empty text. */
export function properties(description: string, { known, closed }: KnownProperties = { known: {} }): Key<Properties> {
  const knownSchemas = Object.entries(known).map(([name, { description: about, schema }]) => {
    return [name, { description: about, ...(schema ?? { type: SCALAR }) }] as const;
  });
  return {
    read: (value, where) => {
      if (isNull(value)) return undefined;
      if (value.kind !== 'map') throw wrong(value, `${where} must be a map`);
      const read = emptyProperties();
      for (const [key, entry] of value.entries) read[key] = readText(entry, `"${key}" in ${where}`) ?? '';
      return read;
    },
    schema: {
      description,
      type: ['object', 'null'],
      ...(knownSchemas.length === 0 ? {} : { properties: Object.fromEntries(knownSchemas) }),
      additionalProperties: closed === true ? false : { type: SCALAR },
    },
    definitions: none,
  };
}

/** A map with a table of its own, named late because tables may contain each other. */
export function mapOf<Bean>(description: string, bean: () => NamedKeys<Bean>): Key<Bean> {
  return {
    read: (value, where) => (isNull(value) ? undefined : readBean<Bean>(value, { keys: bean().keys, where })),
    get schema() {
      return { description, anyOf: [{ $ref: `#/$defs/${bean().name}` }, { type: 'null' }] };
    },
    definitions: () => [bean() as unknown as Definition],
  };
}

export function listOf<Bean>(description: string, bean: () => NamedKeys<Bean>): Key<readonly Bean[]> {
  return {
    read: (value, where) =>
      readList(value, where)?.map((item) => {
        return readBean<Bean>(item, { keys: bean().keys, where: `an item of ${where.replace(/^An item of /, '')}` });
      }),
    get schema() {
      return { description, type: ['array', 'null'], items: { $ref: `#/$defs/${bean().name}` } };
    },
    definitions: () => [bean() as unknown as Definition],
  };
}

interface NamedKeys<Bean> {
  readonly name: string;
  readonly keys: KeysOf<Bean>;
}

const SCALAR = ['string', 'number', 'boolean', 'null'];

function none(): readonly Definition[] {
  return [];
}

function readText(value: YamlValue, where: string): string | undefined {
  if (value.kind === 'text') return value.text;
  throw wrong(value, `${where} must be a single value, not a ${value.kind}`);
}

function readList(value: YamlValue, where: string): readonly YamlValue[] | undefined {
  if (isNull(value)) return undefined;
  if (value.kind === 'list') return value.items;
  throw wrong(value, `${where} must be a list`);
}

function isNull(value: YamlValue): boolean {
  return value.kind === 'text' && value.text === undefined;
}

function wrong({ line }: YamlValue, sentence: string): YamlFileError {
  return new YamlFileError(`${sentence.charAt(0).toUpperCase()}${sentence.slice(1)} (line ${line}).`, line);
}
