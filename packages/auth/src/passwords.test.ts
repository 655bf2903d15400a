import { describe, expect, it } from '@jest/globals';
import { hashPassword, parseStoredPassword, verifyPassword } from './passwords.js';

const CHEAP = { N: 16, r: 1, p: 1 };

describe('passwords', () => {
  it.each([
    ['the same text', 'secret', 'secret', true],
    ['another letter case', 'Secret', 'secret', false],
    ['a beginning', 'secre', 'secret', false],
    ['a blank more', 'secret ', 'secret', false],
    ['letters beyond ASCII', 'pässwörd', 'pässwörd', true],
    ['an empty stored password against something', 'x', '', false],
  ])('compares plain text exactly: %s', async (_what, typed, stored, expected) => {
    expect(await verifyPassword(typed, parseStoredPassword(stored))).toBe(expected);
  });

  it('checks a hash it has made, and only with the right password', async () => {
    const stored = await hashPassword('secret', CHEAP);
    expect(stored).toMatch(/^scrypt\$16\$1\$1\$/);
    expect(stored).not.toContain('secret');
    expect(await verifyPassword('secret', parseStoredPassword(stored))).toBe(true);
    expect(await verifyPassword('Secret', parseStoredPassword(stored))).toBe(false);
    expect(await verifyPassword(stored, parseStoredPassword(stored))).toBe(false);
  });

  it('salts: the same password gives two hashes', async () => {
    expect(await hashPassword('secret', CHEAP)).not.toBe(await hashPassword('secret', CHEAP));
  });

  it.each([
    'scrypt$',
    'scrypt$16$1$1$c2FsdA==',
    'scrypt$15$1$1$c2FsdA==$aGFzaA==',
    'scrypt$16$0$1$c2FsdA==$aGFzaA==',
    'scrypt$16777216$64$1$c2FsdA==$aGFzaA==',
    'scrypt$16$1$1$not base64$aGFzaA==',
  ])('refuses the malformed or too costly hash %s', (text) => {
    expect(() => parseStoredPassword(text)).toThrow('scrypt$N$r$p$salt$hash');
  });
});
