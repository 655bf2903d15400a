import type { Properties } from '@lockstep/domain';

/** The properties whose key begins with `prefix`, without it, in their order. */
export function prefixedProperties(properties: Properties, prefix: string): readonly (readonly [string, string])[] {
  return Object.keys(properties)
    .filter((key) => key.startsWith(prefix) && key.length > prefix.length)
    .map((key) => [key.slice(prefix.length), properties[key] ?? '']);
}
