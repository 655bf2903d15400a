import type { ExplainedProperty } from '../explain-properties.js';
import type { PropertyLayer } from '../property-layer.js';
import { MASKED, isSecretKey } from '../secrets.js';
import { dependsOnAny } from '../substitution/depends-on-any.js';
import { isAboutReferences } from '../substitution/substitution-failure.js';

/** A shorter value would be found in texts that have nothing to do with it. */
const MIN_SECRET_LENGTH = 4;

/**
 * The explanation without secrets: values of keys that look like one are `[MASKED]` wherever they are written, and so is
 * every place they are inserted (`command=mysql -p${db.password}`). What an expression has made of a secret is masked whole.
 */
export function maskExplained<Property extends ExplainedProperty>(explained: readonly Property[]): readonly Property[] {
  const secrets = secretValues(explained);
  const isMadeOfSecret = dependsOnAny(
    asLayers(explained),
    new Set(explained.map(({ key }) => key).filter(isSecretKey)),
  );
  const text = (shown: string) => secrets.reduce((masked, secret) => masked.replaceAll(secret, MASKED), shown);

  return explained.map((property) => {
    const { key, value, error } = property;
    const isSecret = isSecretKey(key);
    const isTransformed = !isSecret && isMadeOfSecret(key) && value !== undefined && text(value) === value;
    return {
      ...property,
      raw: isSecret ? MASKED : text(property.raw),
      ...(value !== undefined && { value: isSecret || isTransformed ? MASKED : text(value) }),
      ...(error !== undefined && { error: isMadeOfSecret(key) ? maskedError(property, error) : text(error) }),
      overrides: property.overrides.map(({ origin, value: hidden }) => ({
        origin,
        value: isSecret ? MASKED : text(hidden),
      })),
    };
  });
}

/** Longest first, so that a secret that contains another one is masked whole. */
function secretValues(explained: readonly ExplainedProperty[]): readonly string[] {
  const values = explained
    .filter(({ key }) => isSecretKey(key))
    .flatMap(({ value, raw, overrides }) => [value ?? '', raw, ...overrides.map((hidden) => hidden.value)]);
  return [...new Set(values)]
    .filter((value) => value.length >= MIN_SECRET_LENGTH && !REFERENCE_ONLY.test(value))
    .sort((one, other) => other.length - one.length);
}

/** `${name}` says where a secret comes from, not what it is. */
const REFERENCE_ONLY = /^\$\{[a-zA-Z_.0-9]+\}$/;

function asLayers(explained: readonly ExplainedProperty[]): readonly PropertyLayer[] {
  return [
    { origin: { kind: 'flow-parameter' }, properties: Object.fromEntries(explained.map(({ key, raw }) => [key, raw])) },
  ];
}

/** Errors of references name keys only; those of expressions repeat the value. */
function maskedError({ key }: ExplainedProperty, error: string): string {
  return isAboutReferences(error)
    ? error
    : `The expression in "${key}" cannot be evaluated; the reason contains a secret.`;
}
