/**
 * Reads a Cookie header. Values in double quotes may hold blanks, semicolons and backslash escapes, as servlet
 * containers write them. The first cookie of a name wins.
 */
export function parseCookies(header: string | undefined): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  if (header === undefined) return cookies;
  // A name, then a quoted value with escapes, or anything up to a semicolon.
  for (const match of header.matchAll(/([^=;\s]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))/g)) {
    const [, name = '', quoted, plain = ''] = match;
    if (!cookies.has(name)) cookies.set(name, quoted === undefined ? plain.trim() : quoted.replace(/\\(.)/g, '$1'));
  }
  return cookies;
}

/**
 * A `Set-Cookie` line for the whole site in the form of a servlet container: the value as it is, in double quotes when
 * it has blanks or special characters. What no header can carry, and the separators that cut a cookie in two, become `?`.
 */
export function cookieLine(name: string, value: string, attributes = ''): string {
  // Everything but printable Latin-1; semicolons and commas.
  const safe = value.replace(/[^\x20-\x7e\xa0-\xff]|[;,]/g, '?');
  // Characters a value may have without quotes.
  const text = /^[\w!#$%&'*+.^`|~:/-]*$/.test(safe) ? safe : `"${safe.replace(/["\\]/g, '\\$&')}"`;
  return `${name}=${text};Path=/${attributes}`;
}
