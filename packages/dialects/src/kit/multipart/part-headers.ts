/** What the headers of one part say. */
export interface PartHeaders {
  /** '' when the part has none. */
  readonly name: string;
  /** Set exactly when the part is a file; directories some browsers put before the name are dropped. */
  readonly fileName?: string;
  readonly contentType?: string;
}

/**
 * Reads the header block of a part. Any disposition counts: clients told to send `multipart/mixed` label their parts
 * `attachment` instead of `form-data`. Headers other than the disposition and the type are ignored.
 */
export function parsePartHeaders(block: string): PartHeaders {
  // A line that starts with a blank continues the one before it.
  const headers = new Map<string, string>();
  for (const line of block.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  const parameters = headerParameters(headers.get('content-disposition') ?? '');
  const fileName = decodeExtended(parameters.get('filename*')) ?? parameters.get('filename');
  const contentType = headers.get('content-type');
  return {
    name: parameters.get('name') ?? '',
    ...(fileName === undefined ? {} : { fileName: fileName.slice(fileName.search(/[^/\\]*$/)) }),
    ...(contentType === undefined ? {} : { contentType }),
  };
}

/** The parameters behind the first semicolon of a header value, names in lower case. */
export function headerParameters(value: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  // `; name=` and then a value in double quotes, where only \" and \\ are escapes, or a bare one.
  for (const match of value.matchAll(/;\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]*))/g)) {
    const [, name = '', quoted, bare = ''] = match;
    const key = name.toLowerCase();
    if (!parameters.has(key)) parameters.set(key, quoted === undefined ? bare : quoted.replace(/\\(["\\])/g, '$1'));
  }
  return parameters;
}

/** RFC 5987, `UTF-8''na%C3%AFve.zip`; undefined when it is something else. */
function decodeExtended(value: string | undefined): string | undefined {
  const encoded = value === undefined ? undefined : /^utf-8'[^']*'(.*)$/i.exec(value)?.[1];
  if (encoded === undefined) return undefined;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}
