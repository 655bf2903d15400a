import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Starts Lockstep with its default settings (durable commits, logs stored, embedded PostgreSQL) on a free port and a
 * fresh data folder. `environment` adds settings, e.g. LOCKSTEP_DATABASE_URL.
 */
export async function startServer(environment = {}) {
  const dataFolder = mkdtempSync(join(root, '.lockstep-bench-'));
  const child = spawn(process.execPath, [join(root, 'scripts/start.mjs')], {
    cwd: root,
    env: { ...process.env, LOCKSTEP_PORT: '0', LOCKSTEP_DATA_DIR: dataFolder, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise((resolve, reject) => {
    let printed = '';
    child.stdout.on('data', (text) => {
      printed += text;
      const ready = /ready at (http:\/\/\S+)/.exec(printed);
      if (ready) resolve(ready[1]);
    });
    child.once('exit', (code) =>
      reject(new Error(`Lockstep ended with code ${code} before it was ready:\n${printed}`)),
    );
  });
  return {
    url,
    pid: child.pid,
    dataFolder,
    async stop() {
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('exit', resolve));
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}
