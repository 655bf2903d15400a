import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createXmlUserDirectory } from './xml-file.js';
import type { XmlUserDirectory } from './xml-file.js';

const SHIPPED = fileURLToPath(
  new URL('../../../../../shared/fixtures/azkaban/users/azkaban-users.xml', import.meta.url),
);

let folder: string;
let path: string;
let directory: XmlUserDirectory | undefined;
let warnings: string[];
const log = { info: () => undefined, warn: (_fields: object, message: string) => void warnings.push(message) };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'users-'));
  path = join(folder, 'azkaban-users.xml');
  warnings = [];
});

afterEach(async () => {
  directory?.close();
  directory = undefined;
  await rm(folder, { recursive: true });
});

describe('the users file on disk', () => {
  it('is missed by name when it is not there', async () => {
    await expect(createXmlUserDirectory({ path, log })).rejects.toThrow(`User xml file ${path} doesn't exist.`);
  });

  it('stops the start when it has mistakes', async () => {
    await writeFile(path, '<azkaban-users><user username="ann"/></azkaban-users>');
    await expect(createXmlUserDirectory({ path, log })).rejects.toThrow("The 'password' attribute doesn't exist");
  });

  it.each([
    ['written in place', (text: string) => writeFile(path, text)],
    [
      'replaced by another file',
      async (text: string) => {
        await writeFile(`${path}.new`, text);
        await rename(`${path}.new`, path);
      },
    ],
  ])('counts at once after it was %s', async (_how, change) => {
    await writeFile(path, usersFile('ann'));
    directory = await createXmlUserDirectory({ path, log });
    expect(directory.hasUser('ann')).toBe(true);

    await change(usersFile('bob'));
    await until(() => directory?.hasUser('bob') === true);
    expect(directory.hasUser('ann')).toBe(false);
    expect(await directory.authenticate('bob', 'secret')).toBeDefined();
  });

  it('keeps the users it has when the new content cannot be used, and takes the next that can', async () => {
    await writeFile(path, usersFile('ann'));
    directory = await createXmlUserDirectory({ path, log });

    await writeFile(path, '<azkaban-users><user');
    await until(() => warnings.length > 0);
    expect(warnings[0]).toContain('cannot be used; the users stay as they were');
    expect(directory.hasUser('ann')).toBe(true);

    await writeFile(path, usersFile('bob'));
    await until(() => directory?.hasUser('bob') === true);
  });

  it('is read again only on demand when it is not watched', async () => {
    await writeFile(path, usersFile('ann'));
    directory = await createXmlUserDirectory({ path, log, watch: false });
    await writeFile(path, usersFile('bob'));
    expect(directory.hasUser('bob')).toBe(false);
    expect(await directory.reload()).toBe('replaced');
    expect(directory.hasUser('bob')).toBe(true);
    await rm(path);
    expect(await directory.reload()).toBe('kept');
    expect(directory.hasUser('bob')).toBe(true);
  });

  (existsSync(SHIPPED) ? it : it.skip)('reads the file that Azkaban ships (skipped without the fixtures)', async () => {
    directory = await createXmlUserDirectory({ path: SHIPPED, log, watch: false });
    expect(await directory.authenticate('azkaban', 'azkaban')).toMatchObject({ roles: ['admin'], groups: ['azkaban'] });
    expect(await directory.authenticate('metrics', 'metrics')).toMatchObject({ roles: ['metrics'], groups: [] });
    expect(directory.roles()).toEqual([
      { name: 'admin', permissions: ['ADMIN'] },
      { name: 'metrics', permissions: ['METRICS'] },
    ]);
    expect(warnings).toEqual([]);
  });
});

function usersFile(name: string): string {
  return `<azkaban-users><user username="${name}" password="secret"/></azkaban-users>`;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}
