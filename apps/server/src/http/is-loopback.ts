import { isIP } from 'node:net';

/** true when only programs on this machine can reach the address. */
export function isLoopback(host: string): boolean {
  if (host.toLowerCase() === 'localhost') return true;
  if (isIP(host) === 4) return host.startsWith('127.');
  return isIP(host) === 6 && /^(0*:)*:?0*1$|^::ffff:127\./i.test(host);
}
