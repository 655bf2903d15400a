/** What stands in logs and pages instead of a secret value (Azkaban's word for keys ending in `_X`). */
export const MASKED = '[MASKED]';

/** The value to show for a property: `[MASKED]` when the key looks like one of a secret, else the value itself. */
export function maskSecrets(key: string, value: string): string {
  return isSecretKey(key) ? MASKED : value;
}

/**
 * Whether the value of this key should not be shown. Keys ending in `_X` are Azkaban's own convention; the rest goes by
 * words, so that `hive.password`, `DB_PASSWORD`, `awsSecretAccessKey` and `api-key` are secrets while `tokenizer.class`
 * and `passenger.count` are not. When in doubt it says yes: a masked harmless value costs less than a shown password.
 */
export function isSecretKey(key: string): boolean {
  return key.endsWith('_X') || SECRET_PART.test(key) || SECRET_WORDS.test(wordsOf(key));
}

/** Long enough to be telling wherever it stands, also glued to other words (`dbpassword`, `clientsecret`). */
const SECRET_PART = /password|passwd|passphrase|secret|credential|apikey|privatekey|authtoken|accesstoken/i;

/** Short or ambiguous ones: whole words only, in the form `wordsOf` gives. */
const SECRET_WORDS =
  / (?:pass|pwd|token|tokens|bearer|authorization|keytab|(?:api|private|access|encryption|signing|master|ssh|account|storage) keys?) /;

/** ` db api key ` for `db.apiKey`, `DB_API_KEY` or `db-api-key`. */
function wordsOf(key: string): string {
  const words = key
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[^a-zA-Z0-9]+/g, ' ')
    .toLowerCase()
    .trim();
  return ` ${words} `;
}
