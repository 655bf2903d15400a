import type { JsonObject } from './azkaban-api.js';

/**
 * Names and types of a JSON value, without its values: what two answers to the same call have in common. Lists of objects
 * that have an id are put in the order of the ids, because their order means nothing.
 */
export function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return byId(value).map(shapeOf);
  if (value === null || typeof value !== 'object') return value === null ? 'null' : typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shapeOf(member)]));
}

function byId(list: readonly unknown[]): readonly unknown[] {
  const id = (item: unknown): string => {
    const value = (item as JsonObject | null)?.['id'];
    return typeof value === 'string' ? value : '';
  };
  return list.toSorted((a, b) => (id(a) < id(b) ? -1 : id(a) > id(b) ? 1 : 0));
}
