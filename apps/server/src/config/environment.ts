import type { Environment } from './load-config.js';

/** The environment of this process; nothing else reads it. */
export function currentEnvironment(): Environment {
  return process.env;
}
