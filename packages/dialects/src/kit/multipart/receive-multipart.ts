import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { TextDecoder } from 'node:util';
import { RequestFault } from '../request-fault.js';
import { type PartHeaders, headerParameters } from './part-headers.js';
import { PartReader } from './part-reader.js';

const MAX_PARTS = 1000;

export interface MultipartLimits {
  /** All text parts together. */
  readonly maxTextBytes: number;
  /** Undefined = no limit. */
  readonly maxFileBytes?: number;
}

/** A file on its way in. `path` is gone once `receiveMultipart` has returned. */
export interface ReceivedFile {
  readonly fileName: string;
  readonly contentType?: string;
  readonly path: string;
  /** More than `maxFileBytes`: nothing of it was kept. */
  readonly tooLarge: boolean;
}

export interface ReceivedMultipart {
  /** Text parts; the first of a name wins. */
  readonly fields: ReadonlyMap<string, string>;
  readonly file?: ReceivedFile;
}

export function isMultipart(request: IncomingMessage): boolean {
  return /^multipart\//i.test(request.headers['content-type'] ?? '');
}

/**
 * Takes a multipart request in, in any order of its parts: text parts into memory, the first file part named `fileField`
 * into a file in `tempDir`, other files nowhere. Calls `use` with the result; the temporary file is removed afterwards,
 * whatever happened. Throws `RequestFault` for a body that cannot be read.
 */
export async function receiveMultipart<Result>(
  request: IncomingMessage,
  options: { fileField: string; tempDir: string; limits: MultipartLimits },
  use: (received: ReceivedMultipart) => Promise<Result>,
): Promise<Result> {
  const path = join(options.tempDir, `upload-${randomUUID()}.part`);
  try {
    const reader = new PartReader(request.iterator({ destroyOnReturn: false }), boundaryOf(request));
    return await use(await receiveParts(reader, { ...options, path }));
  } finally {
    await rm(path, { force: true });
  }
}

function boundaryOf(request: IncomingMessage): string {
  const boundary = headerParameters(request.headers['content-type'] ?? '').get('boundary');
  // RFC 2046 allows 70 characters; some clients use a few more.
  if (boundary !== undefined && boundary.length > 0 && boundary.length <= 250) return boundary;
  throw new RequestFault('The content type of the multipart request has no usable boundary.', { status: 400 });
}

async function receiveParts(
  reader: PartReader,
  { fileField, path, limits }: { fileField: string; path: string; limits: MultipartLimits },
): Promise<ReceivedMultipart> {
  const fields = new Map<string, string>();
  let file: ReceivedFile | undefined;
  let textBytes = 0;
  let parts = 0;
  for (let part = await reader.next(); part !== undefined; part = await reader.next()) {
    if (++parts > MAX_PARTS) throw new RequestFault(`The request has more than ${MAX_PARTS} parts.`, { status: 400 });
    if (part.fileName !== undefined) {
      if (part.name === fileField && file === undefined) file = await receiveFile(reader, part, { path, limits });
    } else {
      const text = await receiveText(reader, { part, maxBytes: limits.maxTextBytes - textBytes });
      textBytes += text.bytes;
      if (!fields.has(part.name)) fields.set(part.name, text.value);
    }
  }
  return file === undefined ? { fields } : { fields, file };
}

async function receiveText(
  reader: PartReader,
  { part, maxBytes }: { part: PartHeaders; maxBytes: number },
): Promise<{ value: string; bytes: number }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of reader.body()) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      throw new RequestFault(`The text parts of the request are larger than the limit (part '${part.name}').`, {
        status: 413,
      });
    }
    // A copy, so that a short value does not keep the chunk it came in alive.
    chunks.push(Buffer.from(chunk));
  }
  return { value: decoderOf(part.contentType).decode(Buffer.concat(chunks)), bytes };
}

/** UTF-8 unless the part names a character set that is known. */
function decoderOf(contentType: string | undefined): TextDecoder {
  const charset = headerParameters(contentType ?? '').get('charset');
  if (charset === undefined) return new TextDecoder();
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}

async function receiveFile(
  reader: PartReader,
  part: PartHeaders,
  { path, limits }: { path: string; limits: MultipartLimits },
): Promise<ReceivedFile> {
  const described = { fileName: part.fileName ?? '', path, ...(part.contentType && { contentType: part.contentType }) };
  const maxBytes = limits.maxFileBytes ?? Infinity;
  let bytes = 0;
  try {
    await pipeline(
      async function* () {
        for await (const chunk of reader.body()) {
          bytes += chunk.length;
          if (bytes > maxBytes) throw new FileTooLarge();
          yield chunk;
        }
      },
      createWriteStream(path, { flags: 'wx', mode: 0o600 }),
    );
  } catch (error) {
    if (!(error instanceof FileTooLarge)) throw error;
    await rm(path, { force: true });
    return { ...described, tooLarge: true };
  }
  return { ...described, tooLarge: false };
}

class FileTooLarge extends Error {}
