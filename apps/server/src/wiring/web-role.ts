import { mkdir, rm } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import type { UserDirectory } from '@lockstep/auth';
import { createDialects, createHttpApp } from '@lockstep/dialects';
import { flow2JsonSchema } from '@lockstep/project-zip';
import { createServices } from '@lockstep/services';
import type { ReadinessCheck } from '../http/front-door.js';
import { VERSION } from '../version.js';
import type { Core } from './core.js';
import { serviceDependencies } from './service-dependencies.js';
import { workerDefaultsOf } from './worker-defaults.js';

/** The application behind the front door, and what it needs to work. */
export async function createWebRole(
  core: Core,
  { users, webServerUrl }: { users: UserDirectory; webServerUrl: string },
): Promise<{
  app: RequestListener;
  checks: readonly ReadinessCheck[];
}> {
  const tempDir = await freshTempDir(core.config.dataDir);
  const services = createServices({
    ...serviceDependencies(core, { users, tempDir }),
    workerDefaults: workerDefaultsOf(core, { webServerUrl }),
  });
  const dialects = createDialects({
    schemas: { 'flow-2.0.json': flow2JsonSchema() },
    azkaban: {
      services,
      clock: core.clock,
      options: {
        timezone: core.timezone,
        maxUploadBytes: core.config.uploadLimitBytes,
        tempDir,
        version: VERSION,
        installationPath: process.cwd(),
        executors: () => executorsOf(core),
        isDatabaseUp: async () => (await databaseCheck(core)()) === undefined,
        log: core.log,
      },
    },
  });
  return { app: createHttpApp({ dialects, log: core.log }), checks: [databaseCheck(core)] };
}

/** Uploads a killed process left behind are of no use to anybody. */
async function freshTempDir(dataDir: string): Promise<string> {
  const folder = join(dataDir, 'uploads');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  return folder;
}

/** Azkaban knows executors by number and port; workers have neither, so they are numbered and the port is 0. */
async function executorsOf({ registry }: Core) {
  const workers = await registry.listAlive();
  return workers.map(({ host }, position) => ({ id: position + 1, host, port: 0, isActive: true }));
}

/** A database that takes longer than this is as good as gone for whoever waits for an answer. */
const CHECK_TIMEOUT_MS = 2_000;

function databaseCheck({ database }: Core): ReadinessCheck {
  return async () => {
    try {
      await database.knex.raw('select 1').timeout(CHECK_TIMEOUT_MS);
      return undefined;
    } catch (error) {
      return `The database does not answer: ${(error as Error).message}`;
    }
  };
}
