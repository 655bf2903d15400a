import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aDefinition, aFlow } from '../fakes/a-definition.js';
import { ADMIN, aUser, aWorld, OWNER } from '../fakes/a-service-world.js';
import type { World } from '../fakes/a-service-world.js';
import { UploadRejected } from './upload-rejected.js';

const BYTES = 'bytes of a zip';
const HASH = createHash('sha256').update(BYTES).digest('hex');

let folder: string;
let path: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'upload-'));
  path = join(folder, 'upload.tmp');
  await writeFile(path, BYTES);
});

afterAll(() => rm(folder, { recursive: true }));

describe('an upload', () => {
  it('stores bytes and definition as the next version and makes it the current one', async () => {
    const world = aWorld();
    await world.services.projects.create(OWNER, { name: 'etl', description: 'd' });
    world.zip = {
      definition: aDefinition([aFlow('one'), aFlow('inner', { embedded: true }), aFlow('two')]),
      errors: [],
      warnings: ['mind the gap'],
    };
    const outcome = await upload(world);
    expect(outcome).toMatchObject({ version: 1, warnings: ['mind the gap'], project: { currentVersion: 1 } });
    expect(world.state.versions[0]).toMatchObject({
      version: 1,
      uploadedBy: 'owner',
      uploadedAt: 1_000_000,
      fileName: 'etl.zip',
      sizeBytes: BYTES.length,
      contentHash: HASH,
      flowIds: ['one', 'two'],
    });
    expect(world.state.events.at(-1)).toMatchObject({
      user: 'owner',
      type: 'UPLOADED',
      message: 'Uploaded project files zip etl.zip',
    });
    expect((await upload(world)).version).toBe(2);
  });

  it('gives back the same bytes', async () => {
    const world = await aWorldWithProject();
    await upload(world);
    const { version, bytes } = await world.services.projects.download(OWNER, { projectName: 'etl' });
    expect(version).toMatchObject({ version: 1, fileName: 'etl.zip' });
    expect(await textOf(bytes)).toBe(BYTES);
  });

  it.each([
    ['C:\\work\\load.ZIP', 'load.ZIP'],
    ['/home/ann/load.zip', 'load.zip'],
    ['../../load.zip', 'load.zip'],
    ['.zip', '.zip'],
  ])('keeps only the name of %s', async (fileName, kept) => {
    const world = await aWorldWithProject();
    await upload(world, { fileName });
    expect(world.state.versions[0]?.fileName).toBe(kept);
  });

  it('counts at once: what is asked for next is the new version', async () => {
    const world = await aWorldWithProject();
    await upload(world);
    world.zip = { ...world.zip, definition: aDefinition([aFlow('weekly')]) };
    const { project } = await upload(world);
    expect(Object.keys((await world.services.projects.definition(OWNER, project)).flows)).toEqual(['weekly']);
  });
});

describe('a refused upload', () => {
  it.each([
    ['an unknown project', { projectName: 'nope' }, 'project.not-found', { project: 'nope' }],
    ['another extension', { fileName: 'etl.TAR' }, 'upload.bad-extension', { file: 'etl.TAR', extension: 'tar' }],
    ['no extension', { fileName: 'zip' }, 'upload.bad-extension', { file: 'zip', extension: '' }],
  ])('for %s stores nothing', async (_what, parts, code, details) => {
    const world = await aWorldWithProject();
    await expect(upload(world, parts)).rejects.toMatchObject({ code, details });
    expectNothingStored(world);
  });

  it('tells a removed project from one that never was', async () => {
    const world = await aWorldWithProject();
    await world.services.projects.remove(OWNER, 'etl');
    await expect(upload(world)).rejects.toMatchObject({ code: 'project.removed', details: { project: 'etl' } });
  });

  it('stores nothing when the file is too large', async () => {
    const world = await aWorldWithProject({ uploadMaxBytes: 5 });
    await expect(upload(world)).rejects.toMatchObject({ code: 'upload.too-large', details: { limit: 5 } });
    expectNothingStored(world);
  });

  it('stores nothing when the project cannot be read', async () => {
    const world = await aWorldWithProject();
    world.zip = { ...world.zip, fatal: 'Error reading project YAML file.' };
    await expect(upload(world)).rejects.toMatchObject({
      code: 'upload.unusable-project',
      details: { reason: 'Error reading project YAML file.' },
    });
    expectNothingStored(world);
  });

  it('stores nothing when the project has errors, and reports all of them', async () => {
    const world = await aWorldWithProject();
    world.zip = { ...world.zip, errors: ['a has a self cycle', 'b is odd'], warnings: ['hm'] };
    const rejected = await upload(world).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(rejected).toBeInstanceOf(UploadRejected);
    expect(rejected).toMatchObject({
      code: 'upload.rejected',
      message: 'The project has errors: a has a self cycle b is odd',
      report: { errors: ['a has a self cycle', 'b is odd'], warnings: ['hm'] },
    });
    expectNothingStored(world);
  });

  it('stores nothing when storing fails halfway, and the next one gets the number', async () => {
    const world = await aWorldWithProject();
    world.state.failOnEvent = 'UPLOADED';
    await expect(upload(world)).rejects.toThrow('the database is gone');
    expectNothingStored(world);
    world.state.failOnEvent = undefined;
    expect((await upload(world)).version).toBe(1);
  });

  it('needs the role and WRITE while uploading is locked down; the role is asked for first', async () => {
    const world = await aWorldWithProject({ lockdownUploadProjects: true });
    await expect(upload(world)).rejects.toMatchObject({
      code: 'permission.upload-projects',
      details: { user: 'owner' },
    });
    await expect(upload(world, { user: aUser('u', ['uploader']) })).rejects.toMatchObject({
      code: 'permission.missing',
    });
    expect((await upload(world, { user: aUser('owner', ['uploader']) })).version).toBe(1);
    expect((await upload(world, { user: ADMIN })).version).toBe(2);
  });
});

describe('retention', () => {
  it('keeps the zips of the current version and of as many before it as are configured', async () => {
    const world = await aWorldWithProject({ versionRetention: 1 });
    for (let count = 1; count <= 4; count++) await upload(world);
    expect(world.state.versions.map(({ hasFile }) => hasFile)).toEqual([false, false, true, true]);
    expect(world.state.events.filter(({ type }) => type === 'PURGE').map(({ message }) => message)).toEqual([
      'Purged versions before 2',
      'Purged versions before 3',
    ]);
    await expect(world.services.projects.download(OWNER, { projectName: 'etl', version: 1 })).rejects.toMatchObject({
      code: 'version.removed',
    });
    const project = await world.services.projects.find('etl');
    expect((await world.services.projects.definition(OWNER, project, 1)).flows['nightly']).toBeDefined();
  });

  it('does not undo an upload when it fails', async () => {
    const world = await aWorldWithProject({ versionRetention: 0 });
    await upload(world);
    world.state.failOnEvent = 'PURGE';
    expect((await upload(world)).version).toBe(2);
    expect(world.warnings).toEqual(['Old versions could not be dropped; the next upload tries again.']);
    expect(world.state.versions.map(({ hasFile }) => hasFile)).toEqual([true, true]);
  });
});

describe('a download', () => {
  it.each([
    ['a version that never was', 9],
    ['a project without upload', undefined],
  ])('of %s is refused', async (_what, version) => {
    const world = await aWorldWithProject();
    const request = { projectName: 'etl', ...(version !== undefined && { version }) };
    await expect(world.services.projects.download(OWNER, request)).rejects.toMatchObject({ code: 'version.not-found' });
  });
});

async function aWorldWithProject(limits: Parameters<typeof aWorld>[0] = {}): Promise<World> {
  const world = aWorld(limits);
  await world.services.projects.create(OWNER, { name: 'etl', description: 'd' });
  return world;
}

function upload(world: World, parts: Partial<{ user: typeof OWNER; projectName: string; fileName: string }> = {}) {
  const { user = OWNER, projectName = 'etl', fileName = 'etl.zip' } = parts;
  return world.services.projects.upload(user, { projectName, fileName, path });
}

function expectNothingStored({ state }: World): void {
  expect(state.versions).toEqual([]);
  expect([...state.files.keys()]).toEqual([]);
  expect(state.events.filter(({ type }) => type === 'UPLOADED')).toEqual([]);
  expect(state.projects[0]?.currentVersion).toBe(0);
}

async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts).toString();
}
