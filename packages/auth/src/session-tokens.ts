import { randomUUID } from 'node:crypto';

/** A new session id: a random UUID (122 bits from the system's generator) in lower case, as Azkaban's clients expect. */
export function createSessionToken(): string {
  return randomUUID();
}
