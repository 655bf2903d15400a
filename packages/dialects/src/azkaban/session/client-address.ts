import type { IncomingMessage } from 'node:http';

/** First entry of `X-Forwarded-For`, else the socket's address; without port, IPv4 without its IPv6 prefix. */
export function clientAddress(request: IncomingMessage): string {
  const forwarded = request.headers['x-forwarded-for'];
  const first = (Array.isArray(forwarded) ? forwarded[0] : forwarded)?.split(',')[0]?.trim();
  const address = first || (request.socket.remoteAddress ?? '');
  const plain = address.replace(/^::ffff:/i, '');
  // One colon separates a port; more of them are an IPv6 address.
  return plain.indexOf(':') === plain.lastIndexOf(':') ? (plain.split(':')[0] ?? '') : plain;
}
