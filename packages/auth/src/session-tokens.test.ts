import { expect, it } from '@jest/globals';
import { createSessionToken } from './session-tokens.js';

it('makes a new lower-case UUID each time', () => {
  const [one, two] = [createSessionToken(), createSessionToken()];
  expect(one).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(two).not.toBe(one);
});
