import type { Command } from 'commander';
import type { ServeOptions } from '@lockstep/server';

interface ServerFlags {
  readonly host?: string;
  readonly port?: string;
  readonly dataDir?: string;
  readonly settings?: string;
}

/** `lockstep server`, `lockstep worker`, `lockstep migrate`: the long-running processes, and what prepares them. */
export function addServerCommands(program: Command): void {
  withFlags(program.command('server'))
    .description('run the server: web, scheduler and worker, unless the settings name other roles')
    .option('--host <address>', 'address to listen on (LOCKSTEP_HOST)')
    .option('--port <number>', 'port to listen on, 0 for any free one (LOCKSTEP_PORT)')
    .action((flags: ServerFlags) => serve(overridesOf(flags)));
  withFlags(program.command('worker'))
    .description(
      'run a worker only; it joins the database of the server on the same data folder, or LOCKSTEP_DATABASE_URL',
    )
    .action((flags: ServerFlags) => serve({ ...overridesOf(flags), LOCKSTEP_ROLES: 'worker' }));
  withFlags(program.command('migrate'))
    .description('bring the database to the newest schema (the server does so itself when it starts)')
    .action(async (flags: ServerFlags) => {
      const { migrate } = await import('@lockstep/server');
      await migrate({ overrides: overridesOf(flags) });
    });
}

function withFlags(command: Command): Command {
  return command
    .option('--data-dir <folder>', 'data folder (LOCKSTEP_DATA_DIR)')
    .option('--settings <file>', 'settings file (LOCKSTEP_SETTINGS_FILE)');
}

function overridesOf({ host, port, dataDir, settings }: ServerFlags) {
  return {
    ...(host !== undefined && { LOCKSTEP_HOST: host }),
    ...(port !== undefined && { LOCKSTEP_PORT: port }),
    ...(dataDir !== undefined && { LOCKSTEP_DATA_DIR: dataDir }),
    ...(settings !== undefined && { LOCKSTEP_SETTINGS_FILE: settings }),
  };
}

async function serve(overrides: NonNullable<ServeOptions['overrides']>): Promise<void> {
  const { serve } = await import('@lockstep/server');
  await serve({ overrides });
}
