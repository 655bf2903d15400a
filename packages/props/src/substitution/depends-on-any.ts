import { flattenLayers, type PropertyLayer } from '../property-layer.js';
import { parseTemplate, type TemplatePart } from './parse-template.js';

/**
 * Tells of a key whether its value is one of `keys` or is made from one, over any number of references. A name that is
 * itself put together from references (`${a.${b}}`) counts by the references in it.
 */
export function dependsOnAny(layers: readonly PropertyLayer[], keys: ReadonlySet<string>): (key: string) => boolean {
  const usersOf = new Map<string, string[]>();
  for (const [key, value] of Object.entries(flattenLayers(layers))) {
    for (const name of namesIn(parseTemplate(value))) {
      const users = usersOf.get(name);
      if (users === undefined) usersOf.set(name, [key]);
      else users.push(key);
    }
  }
  const reached = new Set(keys);
  // A set is walked with what is added on the way.
  for (const name of reached) for (const user of usersOf.get(name) ?? []) reached.add(user);
  return (key) => reached.has(key);
}

function namesIn(parts: readonly TemplatePart[]): readonly string[] {
  return parts.flatMap((part) => {
    if (part.kind === 'text') return [];
    return part.kind === 'reference' ? [part.name] : namesIn(part.name);
  });
}
