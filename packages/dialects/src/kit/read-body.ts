import type { IncomingMessage } from 'node:http';
import { RequestFault } from './request-fault.js';

/** The whole body as text, at most `maxBytes`; a larger one is refused and its rest left to the server to discard. */
export async function readBody(request: IncomingMessage, { maxBytes }: { maxBytes: number }): Promise<string> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const chunks: Buffer[] = [];
  let size = 0;
  // The request must survive an early end, or no answer could be sent any more.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += (chunk as Buffer).length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function tooLarge(maxBytes: number): RequestFault {
  return new RequestFault(`Form is larger than max length ${maxBytes}`);
}
