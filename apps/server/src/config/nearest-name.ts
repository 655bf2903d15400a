import { closest, distance } from 'fastest-levenshtein';

/** The known name somebody probably meant, or undefined when none is near. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const candidate = closest(name, known);
  return distance(name, candidate) <= Math.max(3, name.length / 3) ? candidate : undefined;
}
