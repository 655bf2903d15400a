import type { Properties } from '@lockstep/domain';
import { MASKED, isSecretKey, maskSecrets } from '@lockstep/props';

/** Keeps the secrets among a job's properties out of its log. */
export interface SecretMask {
  /** What to show for the property `key`. */
  valueOf(key: string): string;
  variable(name: string, value: string): string;
  /** A text that may contain values of secret properties, e.g. a command line. */
  text(text: string): string;
}

/** A shorter value would be found in texts that have nothing to do with it. */
const MIN_SECRET_LENGTH = 4;

export function createSecretMask(properties: Properties): SecretMask {
  const secretKeys = new Set<string>();
  const secrets: string[] = [];
  for (const key of Object.keys(properties)) {
    if (!isSecretKey(key)) continue;
    secretKeys.add(key);
    const value = properties[key] ?? '';
    if (value.length >= MIN_SECRET_LENGTH) secrets.push(value);
  }
  const text = (shown: string): string => {
    let masked = shown;
    for (const secret of secrets) if (masked.includes(secret)) masked = masked.split(secret).join(MASKED);
    return masked;
  };
  return {
    // Another property may be built from a secret one: url=jdbc:…?password=${db.password}.
    valueOf: (key) => (secretKeys.has(key) ? MASKED : text(properties[key] ?? '')),
    variable: (name, value) => maskSecrets(name, text(value)),
    text,
  };
}
