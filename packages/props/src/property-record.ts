import type { Properties } from '@lockstep/domain';

/**
 * An empty record without a prototype: keys such as `__proto__` or `constructor`, which a project may well contain,
 * are ordinary keys in it. It survives JSON and object spread.
 */
export function emptyProperties(): Record<string, string> {
  return Object.create(null) as Record<string, string>;
}

/** The value of `key`, or undefined; never something inherited from `Object.prototype`. */
export function propertyOf(properties: Properties, key: string): string | undefined {
  return Object.hasOwn(properties, key) ? properties[key] : undefined;
}

/** One record of several, lowest precedence first: a later one hides the same key of the earlier ones. */
export function mergeProperties(...layers: readonly Properties[]): Record<string, string> {
  const merged = emptyProperties();
  for (const layer of layers) {
    for (const key of Object.keys(layer)) merged[key] = layer[key] ?? '';
  }
  return merged;
}
