import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

/**
 * Runs a program in the repository and waits. Resolves to its exit code (128 + number for a signal) and, when asked for,
 * what it printed. SIGTERM and SIGINT are handed on, so that nothing is left running when this process is stopped.
 */
export async function run(root, command, args, { output = 'inherit', env = process.env } = {}) {
  const child = spawn(command, args, {
    cwd: fileURLToPath(root),
    env,
    stdio: ['ignore', output === 'capture' ? 'pipe' : process.stderr, output === 'capture' ? 'pipe' : process.stderr],
  });
  const pass = (signal) => child.kill(signal);
  process.on('SIGTERM', pass).on('SIGINT', pass);
  const chunks = [];
  child.stdout?.on('data', (chunk) => chunks.push(chunk));
  child.stderr?.on('data', (chunk) => chunks.push(chunk));
  try {
    const { code, signal } = await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => resolve({ code, signal }));
    });
    return { code: code ?? 128 + constants.signals[signal], printed: Buffer.concat(chunks).toString() };
  } finally {
    process.off('SIGTERM', pass).off('SIGINT', pass);
  }
}

/** npm by way of this Node when npm started us, otherwise the one on the path. */
export function npm(root, args, options) {
  const script = process.env.npm_execpath;
  if (script?.endsWith('.js')) return run(root, process.execPath, [script, ...args], options);
  return run(root, process.platform === 'win32' ? 'npm.cmd' : 'npm', args, options);
}
