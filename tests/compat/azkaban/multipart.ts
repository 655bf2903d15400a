export interface Part {
  readonly name: string;
  readonly content: string | Buffer;
  readonly fileName?: string;
  readonly type?: string;
}

/** A multipart body; `attachment` labels the parts as curl does when it is told to send `multipart/mixed`. */
export function multipart(
  parts: readonly Part[],
  {
    subtype = 'form-data',
    disposition = 'form-data',
  }: { subtype?: string; disposition?: 'form-data' | 'attachment' } = {},
): { readonly headers: Readonly<Record<string, string>>; readonly body: Buffer } {
  const boundary = '------------------------d74496d66958873e';
  const pieces = parts.flatMap(({ name, content, fileName, type }) => [
    `--${boundary}\r\n`,
    `Content-Disposition: ${disposition}; name="${name}"${fileName === undefined ? '' : `; filename="${fileName}"`}\r\n`,
    type === undefined ? '' : `Content-Type: ${type}\r\n`,
    '\r\n',
    content,
    '\r\n',
  ]);
  return {
    headers: { 'Content-Type': `multipart/${subtype}; boundary=${boundary}` },
    body: Buffer.concat([...pieces, `--${boundary}--\r\n`].map((piece) => Buffer.from(piece))),
  };
}
