import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JobType } from '@lockstep/job-types';
import { startInProcess, type InProcessServer } from '@lockstep/server';
import { cloneTestDatabase, type TestDatabase } from '@lockstep/testing';
import { createAzkabanApi, type Answer, type AzkabanApi } from './azkaban-api.js';
import { multipart } from './multipart.js';

/** A whole server inside the test: web, scheduler and worker, a database of its own, a free port. */
export interface CompatServer {
  readonly api: AzkabanApi;
  /** For what no call of the API shows. */
  readonly database: TestDatabase;
  /** Session of the administrator `azkaban`. */
  readonly session: string;
  /** Creates the project when it is not there, and uploads; the answer to the upload. */
  upload(project: { readonly name: string; readonly zip: Buffer; readonly fileName?: string }): Promise<Answer>;
  stop(): Promise<void>;
}

/** Passwords are the names. */
const USERS = `<azkaban-users>
  <user username="azkaban" password="azkaban" roles="admin" groups="azkaban"/>
  <user username="reader" password="reader" roles="reader"/>
  <user username="stranger" password="stranger"/>
  <role name="admin" permissions="ADMIN"/>
  <role name="reader" permissions="READ"/>
</azkaban-users>
`;

export async function startCompatServer({
  jobTypes = [],
  settings = {},
}: { jobTypes?: readonly JobType[]; settings?: Readonly<Record<string, string>> } = {}): Promise<CompatServer> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-compat-'));
  const database = await cloneTestDatabase();
  const remove = async (): Promise<void> => {
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  };
  const server = await startOn({ folder, database, jobTypes, settings }).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  if (server.url === undefined) throw new Error('The server runs without the web role.');
  const api = createAzkabanApi(server.url);
  const session = await api.login();
  return {
    api,
    database,
    session,
    async upload({ name, zip, fileName = `${name}.zip` }) {
      const created = await api.json('/manager', {
        form: { action: 'create', name, description: name, 'session.id': session },
      });
      if (created['status'] !== 'success' && created['message'] !== 'Project already exists.') {
        throw new Error(`Project ${name}: ${JSON.stringify(created)}`);
      }
      return api.call(
        '/manager',
        multipart([
          { name: 'session.id', content: session },
          { name: 'ajax', content: 'upload' },
          { name: 'project', content: name },
          { name: 'file', content: zip, fileName, type: 'application/zip' },
        ]),
      );
    },
    async stop() {
      const clean = await server.stop();
      await remove();
      if (!clean) throw new Error('The server did not stop as it should; its log says why.');
    },
  };
}

async function startOn({
  folder,
  database,
  jobTypes,
  settings,
}: {
  folder: string;
  database: TestDatabase;
  jobTypes: readonly JobType[];
  settings: Readonly<Record<string, string>>;
}): Promise<InProcessServer> {
  const usersFile = join(folder, 'azkaban-users.xml');
  await writeFile(usersFile, USERS);
  return startInProcess({
    settings: {
      LOCKSTEP_DATA_DIR: join(folder, 'data'),
      LOCKSTEP_DATABASE_URL: database.connectionString,
      LOCKSTEP_USERS_FILE: usersFile,
      LOCKSTEP_PORT: '0',
      LOCKSTEP_TIME_ZONE: 'UTC',
      LOCKSTEP_LOG_LEVEL: 'error',
      LOCKSTEP_KILL_GRACE: '1s',
      ...settings,
    },
    extraJobTypes: jobTypes,
  });
}
