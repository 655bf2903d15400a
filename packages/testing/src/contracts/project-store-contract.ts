import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ExecutionStore, Permission, Project, ProjectFiles, ProjectStore } from '@lockstep/domain';
import { aFlow } from '../builders/a-flow.js';
import { anExecution } from '../builders/an-execution.js';

export interface ProjectWorld {
  readonly projects: ProjectStore;
  readonly projectFiles: ProjectFiles;
  readonly executions: ExecutionStore;
  close(): Promise<void>;
}

/** What every `ProjectStore` and `ProjectFiles` promise. */
export function projectStoreContract(name: string, open: () => Promise<ProjectWorld>): void {
  describe(`${name}, as a project store`, () => {
    let world: ProjectWorld;
    let project: Project;
    let runs = 0;

    beforeAll(async () => {
      world = await open();
    });
    afterAll(() => world.close());
    beforeEach(async () => {
      project = await create(`project-${++runs}`);
    });

    async function create(projectName: string): Promise<Project> {
      const created = await world.projects.create({ name: projectName, description: 'words', user: 'ann', at: 100 });
      if (created === undefined) throw new Error(`Project ${projectName} exists already.`);
      return created;
    }

    const find = async () => (await world.projects.findById(project.id)) as Project;

    async function store(bytes: Buffer): Promise<string> {
      const contentHash = createHash('sha256').update(bytes).digest('hex');
      await world.projectFiles.write(contentHash, inPieces(bytes, 100_003));
      return contentHash;
    }

    async function upload(projectId: number, contentHash: string, flowId = 'nightly'): Promise<number> {
      return world.projects.addVersion({
        projectId,
        uploadedAt: 200,
        uploadedBy: 'bob',
        fileName: 'p.zip',
        sizeBytes: 3,
        contentHash,
        flowIds: [flowId, 'b'],
        definition: aFlow(flowId)
          .job('a')
          .job('b', { needs: ['a'] })
          .build(),
      });
    }

    async function load(contentHash: string): Promise<Buffer | undefined> {
      const bytes = await world.projectFiles.read(contentHash);
      if (bytes === undefined) return undefined;
      const parts: Uint8Array[] = [];
      for await (const part of bytes) parts.push(part);
      return Buffer.concat(parts);
    }

    it('creates a project whose creator is its admin', async () => {
      expect(project).toEqual({
        id: project.id,
        name: `project-${runs}`,
        description: 'words',
        active: true,
        createdAt: 100,
        createdBy: 'ann',
        modifiedAt: 100,
        modifiedBy: 'ann',
        currentVersion: 0,
        userPermissions: [{ name: 'ann', permissions: ['ADMIN'] }],
        groupPermissions: [],
        proxyUsers: [],
      });
      expect(await world.projects.findByName(project.name)).toEqual(project);
      expect(await world.projects.listActive()).toContainEqual(project);
    });

    it('creates a name once, however many ask for it at the same time', async () => {
      const asked = { name: `race-${runs}`, description: 'd', user: 'ann', at: 1 };
      const created = await Promise.all(Array.from({ length: 6 }, () => world.projects.create(asked)));
      expect(created.filter(Boolean)).toHaveLength(1);
    });

    it('frees the name of a deleted project, and finds the newest deleted one of that name', async () => {
      await world.projects.deactivate(project.id, { user: 'bob', at: 300 });
      expect(await world.projects.findByName(project.name)).toBeUndefined();
      const next = await create(project.name);
      await world.projects.deactivate(next.id, { user: 'bob', at: 400 });
      const deleted = await world.projects.findDeletedByName(project.name);
      expect(deleted).toMatchObject({ id: next.id, active: false, modifiedAt: 400, modifiedBy: 'bob' });
      expect(await world.projects.listActive()).not.toContainEqual(expect.objectContaining({ name: project.name }));
    });

    it('keeps permissions of users and groups apart, ADMIN alone, and removes an empty entry', async () => {
      const set = (entryName: string, isGroup: boolean, permissions: readonly Permission[]) =>
        world.projects.setPermissions(project.id, { name: entryName, isGroup, permissions, user: 'bob', at: 500 });
      await set('zoe', false, ['WRITE', 'READ']);
      await set('ops', true, ['EXECUTE', 'ADMIN']);
      await set('ann', true, ['SCHEDULE']);
      await set('zoe', false, ['EXECUTE']);
      expect(await find()).toMatchObject({
        userPermissions: [
          { name: 'ann', permissions: ['ADMIN'] },
          { name: 'zoe', permissions: ['EXECUTE'] },
        ],
        groupPermissions: [
          { name: 'ann', permissions: ['SCHEDULE'] },
          { name: 'ops', permissions: ['ADMIN'] },
        ],
        modifiedAt: 500,
        modifiedBy: 'bob',
      });
      await set('zoe', false, []);
      expect((await find()).userPermissions).toEqual([{ name: 'ann', permissions: ['ADMIN'] }]);
    });

    it('changes the description, and keeps proxy users as a set', async () => {
      await world.projects.setDescription(project.id, { description: 'new', user: 'bob', at: 600 });
      for (const proxyUser of ['hdfs', 'etl', 'hdfs']) await world.projects.addProxyUser(project.id, proxyUser);
      expect(await find()).toMatchObject({ description: 'new', modifiedAt: 600, proxyUsers: ['etl', 'hdfs'] });
      await world.projects.removeProxyUser(project.id, 'hdfs');
      expect((await find()).proxyUsers).toEqual(['etl']);
    });

    it('numbers versions from 1 and makes the newest the current one', async () => {
      const contentHash = await store(randomBytes(10));
      expect(await upload(project.id, contentHash)).toBe(1);
      expect(await upload(project.id, contentHash)).toBe(2);
      expect(await find()).toMatchObject({ currentVersion: 2, modifiedAt: 200, modifiedBy: 'bob' });
      const versions = await world.projects.listVersions(project.id);
      expect(versions.map(({ version }) => version)).toEqual([1, 2]);
      expect(await world.projects.findVersion(project.id, 2)).toEqual({
        projectId: project.id,
        version: 2,
        uploadedAt: 200,
        uploadedBy: 'bob',
        fileName: 'p.zip',
        sizeBytes: 3,
        contentHash,
        flowIds: ['nightly', 'b'],
        hasFile: true,
      });
      expect(await world.projects.findVersion(project.id, 3)).toBeUndefined();
    });

    it('gives different numbers to versions that are added at the same time', async () => {
      const contentHash = await store(randomBytes(10));
      const added = await Promise.all(Array.from({ length: 5 }, () => upload(project.id, contentHash)));
      expect([...added].sort()).toEqual([1, 2, 3, 4, 5]);
    });

    it('refuses a version whose bytes are not stored', async () => {
      await expect(upload(project.id, 'f00d')).rejects.toThrow('Project file f00d is not stored');
      expect((await find()).currentVersion).toBe(0);
    });

    it('gives a definition back as it was, odd characters included', async () => {
      const contentHash = await store(randomBytes(10));
      const definition = aFlow('odd')
        .job('a', { properties: { 'k\u0000y': 'ü\u0000"\\ \ud800' } })
        .build();
      const version = await world.projects.addVersion({
        projectId: project.id,
        uploadedAt: 1,
        uploadedBy: 'bob',
        fileName: 'p.zip',
        sizeBytes: 1,
        contentHash,
        flowIds: ['ünï "x", {y}\\', ''],
        definition,
      });
      expect(await world.projects.loadDefinition(project.id, version)).toEqual(definition);
      expect((await world.projects.findVersion(project.id, version))?.flowIds).toEqual(['ünï "x", {y}\\', '']);
      expect(await world.projects.loadDefinition(project.id, 99)).toBeUndefined();
    });

    it('streams a file of several megabytes in and out', async () => {
      const bytes = randomBytes(3_500_000);
      const contentHash = await store(bytes);
      expect(await world.projectFiles.has(contentHash)).toBe(true);
      expect((await load(contentHash))?.equals(bytes)).toBe(true);
      await store(bytes);
      expect((await load(contentHash))?.equals(bytes)).toBe(true);
    });

    it('knows an empty file from none', async () => {
      const contentHash = await store(Buffer.alloc(0));
      expect(await load(contentHash)).toEqual(Buffer.alloc(0));
      expect(await load('beef')).toBeUndefined();
      expect(await world.projectFiles.has('beef')).toBe(false);
    });

    it('drops the files of old versions but keeps their definitions', async () => {
      const hashes = [await store(randomBytes(10)), await store(randomBytes(10)), await store(randomBytes(10))];
      for (const hash of hashes) await upload(project.id, hash);
      expect(await world.projects.dropFilesBelow(project.id, 3)).toEqual([1, 2]);
      expect(await world.projects.dropFilesBelow(project.id, 3)).toEqual([]);
      expect(await Promise.all(hashes.map((hash) => world.projectFiles.has(hash)))).toEqual([false, false, true]);
      expect(await load(hashes[0] ?? '')).toBeUndefined();
      expect(await world.projects.findVersion(project.id, 1)).toMatchObject({ hasFile: false, contentHash: hashes[0] });
      expect(await world.projects.loadDefinition(project.id, 1)).toBeDefined();
    });

    it('spares bytes that another version or project needs', async () => {
      const shared = await store(randomBytes(10));
      const neighbour = await create(`neighbour-${runs}`);
      await upload(neighbour.id, shared);
      await upload(project.id, shared);
      await upload(project.id, await store(randomBytes(10)));
      expect(await world.projects.dropFilesBelow(project.id, 2)).toEqual([1]);
      expect(await world.projectFiles.has(shared)).toBe(true);
    });

    it('spares versions an unfinished execution uses', async () => {
      const hash = await store(randomBytes(10));
      await upload(project.id, hash);
      await upload(project.id, await store(randomBytes(10)));
      const executionId = await world.executions.insert(anExecution({ projectId: project.id, version: 1 }));
      expect(await world.projects.dropFilesBelow(project.id, 2)).toEqual([]);
      await world.executions.killUnstarted(executionId, { user: 'ann', at: 1 });
      expect(await world.projects.dropFilesBelow(project.id, 2)).toEqual([1]);
      expect(await world.projectFiles.has(hash)).toBe(false);
    });

    it('lists events newest first, page by page', async () => {
      for (const at of [1, 2, 3]) {
        await world.projects.addEvent({ projectId: project.id, at, user: 'ann', type: 'UPLOADED', message: `v${at}` });
      }
      await world.projects.addEvent({ projectId: project.id, at: 4, user: 'bob', type: 'DELETED' });
      const page = await world.projects.listEvents(project.id, { skip: 0, limit: 2 });
      expect(page).toEqual([
        { projectId: project.id, at: 4, user: 'bob', type: 'DELETED' },
        { projectId: project.id, at: 3, user: 'ann', type: 'UPLOADED', message: 'v3' },
      ]);
      expect(await world.projects.listEvents(project.id, { skip: 3, limit: 5 })).toHaveLength(1);
    });
  });
}

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.byteLength; start += size) yield bytes.subarray(start, start + size);
}
