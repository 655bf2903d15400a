import { flattenLayers, type PropertyLayer, type PropertyOrigin } from './property-layer.js';
import { resolveEach, type ResolveOptions } from './resolve-properties.js';

export interface ExplainedProperty {
  readonly key: string;
  /** The text as written in the winning layer, before references and expressions are replaced. */
  readonly raw: string;
  /** What the job sees; undefined when `error` says why it sees nothing. */
  readonly value?: string;
  readonly error?: string;
  readonly origin: PropertyOrigin;
  /** What the winning layer hides, as written, nearest layer first. */
  readonly overrides: readonly { readonly origin: PropertyOrigin; readonly value: string }[];
}

/**
 * Why a job sees what it sees: every effective property with its value, where it comes from, and what it hides, sorted
 * by key. Unlike `resolveProperties` it goes on after a problem and reports it with its key. Values are shown as they
 * are: masking secrets (`maskSecrets`) is left to whoever shows them.
 */
export function explainProperties(options: ResolveOptions): readonly ExplainedProperty[] {
  const resolved = resolveEach(options);
  const written = valuesByKey(options.layers);
  const keys = Object.keys(flattenLayers(options.layers)).sort();
  return keys.map((key) => {
    const [winner, ...overrides] = written.get(key) ?? [];
    if (winner === undefined) throw new Error(`Property "${key}" is in no layer.`);
    return { key, raw: winner.value, origin: winner.origin, overrides, ...resolved.get(key) };
  });
}

function valuesByKey(layers: readonly PropertyLayer[]): Map<string, { origin: PropertyOrigin; value: string }[]> {
  const values = new Map<string, { origin: PropertyOrigin; value: string }[]>();
  for (const { origin, properties } of [...layers].reverse()) {
    for (const key of Object.keys(properties)) {
      const entry = { origin, value: properties[key] ?? '' };
      const known = values.get(key);
      if (known === undefined) values.set(key, [entry]);
      else known.push(entry);
    }
  }
  return values;
}
