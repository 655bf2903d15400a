/** Why a key has no value. `through` = because a key it refers to has none, or refers back to it. */
export type SubstitutionFailure =
  | { readonly kind: 'undefined'; readonly name: string }
  | { readonly kind: 'through'; readonly key: string }
  | { readonly kind: 'too-long'; readonly limit: number; readonly what: string };

/** Longer chains of references are shown by their first keys; the whole of them would help nobody. */
const MAX_SHOWN = 200;

/** The failure of `key` in Azkaban's words: the chain of references from `key` to where it breaks or closes. */
export function describeFailure(key: string, failures: ReadonlyMap<string, SubstitutionFailure>): string {
  const chain = new Set([key]);
  let failure = failures.get(key);
  while (failure?.kind === 'through' && !chain.has(failure.key) && chain.size < MAX_SHOWN) {
    chain.add(failure.key);
    failure = failures.get(failure.key);
  }
  const shown = [...chain].join('->');
  switch (failure?.kind) {
    case 'undefined':
      return `Could not find variable substitution for variable(s) [${shown}->${failure.name}]`;
    case 'too-long':
      return (
        `Variable substitution of [${shown}] gives more than ${failure.limit} ${failure.what}; ` +
        'shorten the values it refers to.'
      );
    case 'through':
      if (chain.has(failure.key)) return `Circular variable substitution found: [${shown}] -> [${failure.key}]`;
      return `Variable substitution failed: [${shown}->...]`;
    default:
      return `Variable substitution failed: [${shown}]`;
  }
}

/** Whether an error text is about a name that has no value. */
export function isUndefinedReference(error: string): boolean {
  return error.startsWith('Could not find variable substitution');
}

/** Whether an error text is one of references: it names keys, never values. */
export function isAboutReferences(error: string): boolean {
  return isUndefinedReference(error) || error.startsWith('Circular variable substitution');
}
