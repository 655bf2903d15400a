import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { configurationReference } from './configuration-reference.js';

it('docs/reference/configuration.md is what the table of settings says (npm run docs writes it)', () => {
  const path = join(import.meta.dirname, '../../../../docs/reference/configuration.md');
  expect(readFileSync(path, 'utf8')).toBe(configurationReference());
});
