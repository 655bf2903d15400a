import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** A password as a user directory keeps it: in plain text (as azkaban-users.xml does) or as a salted hash. */
export type StoredPassword =
  | { readonly kind: 'plain'; readonly password: string }
  | { readonly kind: 'scrypt'; readonly cost: ScryptCost; readonly salt: Buffer; readonly hash: Buffer };

export interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** About 50 ms and 32 MiB for a check on a small machine; stored with each hash, so it can be raised later. */
const DEFAULT_COST: ScryptCost = { N: 2 ** 15, r: 8, p: 1 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const MAX_MEMORY_BYTES = 256 * 2 ** 20;

// `scrypt$N$r$p$salt$hash`, the last two in base64.
const SCRYPT_FORM = /^scrypt\$(\d{1,8})\$(\d{1,3})\$(\d{1,3})\$([A-Za-z0-9+/]+={0,2})\$([A-Za-z0-9+/]+={0,2})$/;

/** The stored form of a password: `scrypt$N$r$p$salt$hash`. Two calls give different texts. */
export async function hashPassword(password: string, cost: ScryptCost = DEFAULT_COST): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await deriveKey({ password, salt, cost, length: HASH_BYTES });
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64'), hash.toString('base64')].join('$');
}

/**
 * Reads what stands in a directory: `scrypt$…` is a hash, anything else a plain password. Throws when a text begins
 * like a hash but is none: taken as a plain password it would let in whoever can read the file.
 */
export function parseStoredPassword(text: string): StoredPassword {
  if (!text.startsWith('scrypt$')) return { kind: 'plain', password: text };
  const [, N, r, p, salt, hash] = SCRYPT_FORM.exec(text) ?? [];
  const cost = { N: Number(N), r: Number(r), p: Number(p) };
  if (salt === undefined || hash === undefined || !isUsable(cost)) {
    throw new Error('A password that begins with "scrypt$" must have the form scrypt$N$r$p$salt$hash.');
  }
  return { kind: 'scrypt', cost, salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') };
}

/** Exact comparison whose time does not tell how much of the password was right. */
export async function verifyPassword(password: string, stored: StoredPassword): Promise<boolean> {
  if (stored.kind === 'plain') return timingSafeEqual(digest(password), digest(stored.password));
  const { salt, cost, hash } = stored;
  return timingSafeEqual(await deriveKey({ password, salt, cost, length: hash.length }), hash);
}

function isUsable({ N, r, p }: ScryptCost): boolean {
  const powerOfTwo = N > 1 && Number.isInteger(Math.log2(N));
  return powerOfTwo && r > 0 && p > 0 && 128 * N * r + 128 * r * p <= MAX_MEMORY_BYTES;
}

/** Equal length whatever was typed: `timingSafeEqual` needs it, and the length of the stored password stays unknown. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function deriveKey({
  password,
  salt,
  cost,
  length,
}: {
  password: string;
  salt: Buffer;
  cost: ScryptCost;
  length: number;
}): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, length, { ...cost, maxmem: 2 * MAX_MEMORY_BYTES }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
