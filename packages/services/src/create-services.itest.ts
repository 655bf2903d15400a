import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createBuiltInUserDirectory, createSessionToken } from '@lockstep/auth';
import { createStores, openDatabase, PostgresUnitOfWork, PostgresWorkerRegistry } from '@lockstep/database';
import type { OpenDatabase } from '@lockstep/database';
import type { Project } from '@lockstep/domain';
import { readProjectZip } from '@lockstep/project-zip';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { createServices } from './create-services.js';
import { DEFAULT_SERVICE_LIMITS } from './dependencies.js';
import { ADMIN, someOptions } from './fakes/a-service-world.js';
import type { Services } from './services.js';

let folder: string;
let database: OpenDatabase;
/** Two servers over one database. */
let services: Services;
let otherServices: Services;
let projectCount = 0;
let project: Project;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'services-'));
  database = await openDatabase({ dataDir: join(folder, 'data'), embedded: 'own' });
  services = aServer();
  otherServices = aServer();
}, 120_000);

afterAll(async () => {
  await database?.close();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  project = await services.projects.create(ADMIN, { name: `project-${++projectCount}`, description: 'd' });
});

describe('use cases over PostgreSQL', () => {
  it('accept one of many submissions with skip, although they come at once and at two servers', async () => {
    await upload(await aZip({ 'a.job': 'type=noop' }));
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => submit(index % 2 === 0 ? services : otherServices, 'skip')),
    );
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(outcomes.length - refused.length).toBe(1);
    expect(new Set(refused.map(({ reason }) => (reason as { code?: string }).code))).toEqual(
      new Set(['execution.already-running']),
    );
    expect(await services.executions.running(ADMIN, { projectName: project.name, flowId: 'a' })).toHaveLength(1);
  });

  it('line queued executions up one behind the other, although they are submitted at once', async () => {
    await upload(await aZip({ 'a.job': 'type=noop' }));
    await Promise.all(
      Array.from({ length: 6 }, (_, index) => submit(index % 2 === 0 ? services : otherServices, 'queue')),
    );
    const ids = await services.executions.running(ADMIN, { projectName: project.name, flowId: 'a' });
    expect(ids).toHaveLength(6);
    const order: number[] = [];
    for (let claimable = await claimableOf(ids); claimable.length > 0; claimable = await claimableOf(ids)) {
      expect(claimable).toHaveLength(1);
      order.push(...claimable);
      await services.executions.cancel(ADMIN, claimable[0] as number);
    }
    expect(order).toEqual(ids);
  });

  it('number uploads that come at once one after the other, and give their bytes back', async () => {
    const zips = await Promise.all([1, 2, 3].map((day) => aZip({ 'a.job': `type=noop\nday=${day}` })));
    const outcomes = await Promise.all(zips.map((zip) => upload(zip)));
    expect(outcomes.map(({ version }) => version).sort()).toEqual([1, 2, 3]);
    for (const [index, { version }] of outcomes.entries()) {
      const { bytes } = await services.projects.download(ADMIN, { projectName: project.name, version });
      expect(await bytesOf(bytes)).toEqual(await readFile(zips[index] as string));
    }
  });

  it('keep the zips that retention spares, and every definition', async () => {
    for (let day = 1; day <= 5; day++) await upload(await aZip({ 'a.job': `type=noop\nday=${day}` }));
    const download = (version: number) => services.projects.download(ADMIN, { projectName: project.name, version });
    await expect(download(1)).rejects.toMatchObject({ code: 'version.removed' });
    expect((await download(2)).version).toMatchObject({ version: 2, hasFile: true });
    const { jobs } = await services.projects.definition(ADMIN, await services.projects.find(project.name), 1);
    expect(jobs['a']?.properties).toMatchObject({ day: '1' });
  });

  it('leave no trace of an upload that is refused', async () => {
    await expect(upload(await aZip({ 'a.job': 'type=noop\ndependencies=b' }))).rejects.toMatchObject({
      code: 'upload.rejected',
      report: { errors: ['a cannot find dependency b'] },
    });
    const noZip = join(folder, 'no.zip');
    await writeFile(noZip, 'this is no zip');
    await expect(upload(noZip)).rejects.toMatchObject({ code: 'upload.bad-zip' });
    expect(await services.projects.find(project.name)).toMatchObject({ currentVersion: 0 });
    expect((await upload(await aZip({ 'a.job': 'type=noop' }))).version).toBe(1);
  });

  it('end an execution nobody has taken at once, with its jobs untouched', async () => {
    await upload(await aZip({ 'a.job': 'type=noop', 'b.job': 'type=noop\ndependencies=a' }));
    const { execution } = await services.executions.submit(ADMIN, {
      projectName: project.name,
      flowId: 'b',
      options: someOptions(),
    });
    await otherServices.executions.cancel(ADMIN, execution.id);
    const { current } = await services.executions.detail(ADMIN, execution.id);
    expect(current.map(({ nestedId, status }) => [nestedId, status]).sort()).toEqual([
      ['', 'KILLED'],
      ['a', 'READY'],
      ['b', 'READY'],
    ]);
    await expect(services.executions.cancel(ADMIN, execution.id)).rejects.toMatchObject({
      code: 'execution.not-running',
    });
  });

  it('know a session at the other server too', async () => {
    const session = await services.sessions.login({ username: 'azkaban', password: 'azkaban', address: '::1' });
    expect((await otherServices.sessions.find(session.id))?.user).toEqual(session.user);
    await otherServices.sessions.logout(session.id);
    expect(await services.sessions.find(session.id)).toBeUndefined();
  });
});

/** Those a worker would be sent to look at. */
async function claimableOf(ids: readonly number[]): Promise<readonly number[]> {
  const overdue = await new PostgresWorkerRegistry(database.knex).takeOverdue({ quietMs: -1_000, limit: 100 });
  return overdue.map(({ executionId }) => executionId).filter((id) => ids.includes(id));
}

function aServer(): Services {
  return createServices({
    unitOfWork: new PostgresUnitOfWork(database.knex),
    stores: createStores(database.knex),
    logReader: { readSlice: async (_log, { offset }) => ({ offset, length: 0, text: '' }) },
    dispatcher: { nudge: async () => undefined, close: async () => undefined },
    users: createBuiltInUserDirectory(),
    clock: { now: () => Date.now() },
    log: { info: () => undefined, warn: () => undefined },
    readProjectZip,
    newSessionId: createSessionToken,
    limits: DEFAULT_SERVICE_LIMITS,
  });
}

function submit(server: Services, concurrentOption: 'skip' | 'queue') {
  const options = someOptions({ concurrentOption });
  return server.executions.submit(ADMIN, { projectName: project.name, flowId: 'a', options });
}

function upload(path: string) {
  return services.projects.upload(ADMIN, { projectName: project.name, fileName: 'project.zip', path });
}

async function aZip(files: Readonly<Record<string, string>>): Promise<string> {
  const path = join(await mkdtemp(join(folder, 'zip-')), 'project.zip');
  const zip = new ZipFile();
  for (const [name, text] of Object.entries(files)) zip.addBuffer(Buffer.from(text), name);
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
  return path;
}

async function bytesOf(parts: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const part of parts) all.push(part);
  return Buffer.concat(all);
}
