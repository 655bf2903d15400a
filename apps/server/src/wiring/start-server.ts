import type { Clock } from '@lockstep/domain';
import type { JobType } from '@lockstep/job-types';
import type { Config } from '../config/keys.js';
import { prepareDataFolder } from '../data-folder/prepare-data-folder.js';
import { createFrontDoor, type FrontDoor } from '../http/front-door.js';
import { listen, type Listener } from '../http/listen.js';
import type { Log } from '../log/create-log.js';
import type { Shutdown } from '../shutdown.js';
import { openDatabase } from './open-database.js';
import { openUserDirectory, type OpenUserDirectory } from './open-user-directory.js';

/** A worker that died is found at the latest this long after its lease has ended. */
const LONGEST_SWEEP_PAUSE_MS = 1_000;

export interface StartOptions {
  readonly config: Config;
  readonly log: Log;
  readonly clock: Clock;
  /** Told of everything that is started, as soon as it can be stopped. */
  readonly shutdown: Shutdown;
  /** Job types of the worker besides its own. No setting leads here: only a program that starts the server has them. */
  readonly extraJobTypes?: readonly JobType[];
}

export interface StartedServer {
  readonly readyLines: readonly string[];
  /** Where it answers; undefined without the web role. */
  readonly url: string | undefined;
}

/** Starts the roles of the settings. Throws `StartError` for what the person who starts it can mend. */
export async function startServer(options: StartOptions): Promise<StartedServer> {
  const { config, shutdown, extraJobTypes = [] } = options;
  prepareDataFolder(config.dataDir);
  // What can be refused cheaply is refused before anything is done: users, then the port.
  const web = config.roles.has('web') ? await openWeb(options) : undefined;
  // Loading takes about as long as PostgreSQL takes to start, so both happen at once.
  const loading = loadRoles(config);
  loading.catch(() => undefined);
  const users = web?.users ?? (config.roles.has('scheduler') ? await openUsersOfScheduler(options) : undefined);
  const database = await openDatabase(options);

  const { createCore, scheduler, startWorkerRole, createWebRole } = await loading;
  const core = await createCore({ ...options, database });
  if (startWorkerRole) {
    const { projects, projectFiles } = core.stores;
    const webServerUrl = config.webUrl ?? web?.listener.url;
    shutdown.add(await startWorkerRole({ ...core, projects, projectFiles, webServerUrl, extraJobTypes }));
  }
  if (scheduler && users) {
    const { registry, dispatcher, stores, clock, log } = core;
    const { sessionTtlMs } = config;
    const sweepEveryMs = Math.min(config.heartbeatMs, LONGEST_SWEEP_PAUSE_MS);
    shutdown.add(
      scheduler.startSchedulerRole({
        registry,
        dispatcher,
        sessions: stores.sessions,
        onReleased: core.onReleased,
        clock,
        log,
        sweepEveryMs,
        sessionTtlMs,
      }),
    );
    const { directory } = users;
    shutdown.add(scheduler.startFollowUps(core, { users: directory, sweepEveryMs }));
    if (!web) shutdown.add({ what: 'the users', stop: async () => users.close() });
  }
  if (web && createWebRole) {
    const { app, checks } = await createWebRole(core, {
      users: web.users.directory,
      webServerUrl: config.webUrl ?? web.listener.url,
    });
    web.door.open(app, checks);
    shutdown.add({ what: 'the web server', stop: () => stopWeb(web) });
  }
  return { readyLines: readyLines(config, web), url: web?.listener.url };
}

interface Web {
  readonly door: FrontDoor;
  readonly listener: Listener;
  readonly users: OpenUserDirectory;
}

/** It acts in the names of users (what starts by itself), and nobody logs in there: known passwords do no harm. */
function openUsersOfScheduler({ config, log }: StartOptions): Promise<OpenUserDirectory> {
  return openUserDirectory({ usersFile: config.usersFile, host: '127.0.0.1', log });
}

async function openWeb({ config, log }: StartOptions): Promise<Web> {
  const users = await openUserDirectory({ usersFile: config.usersFile, host: config.host, log });
  const door = createFrontDoor();
  const listener = await listen({ host: config.host, port: config.port, onRequest: door.onRequest });
  return { door, listener, users };
}

/** Requests in hand get this long; a log that is being followed would otherwise hold up the stop. */
const REQUEST_GRACE_MS = 5_000;

async function stopWeb({ door, listener, users }: Web): Promise<void> {
  door.announceStop();
  await listener.stop(REQUEST_GRACE_MS);
  users.close();
}

/** Only what the roles need: BullMQ, Express and the job types are most of the start. */
async function loadRoles({ roles }: Config) {
  const [core, web, scheduler, worker] = await Promise.all([
    import('./core.js'),
    roles.has('web') ? import('./web-role.js') : undefined,
    roles.has('scheduler') ? loadScheduler() : undefined,
    roles.has('worker') ? import('./worker-role.js') : undefined,
  ]);
  return {
    createCore: core.createCore,
    createWebRole: web?.createWebRole,
    scheduler,
    startWorkerRole: worker?.startWorkerRole,
  };
}

async function loadScheduler() {
  const [{ startSchedulerRole }, { startFollowUps }] = await Promise.all([
    import('./scheduler-role.js'),
    import('./start-follow-ups.js'),
  ]);
  return { startSchedulerRole, startFollowUps };
}

function readyLines({ roles }: Config, web: Web | undefined): readonly string[] {
  if (web) return [`Lockstep is ready at ${web.listener.url}`, web.users.howToLogIn];
  return [`Lockstep is ready (${[...roles].join(', ')}), process ${process.pid}`];
}
