import type { Environment } from './load-config.js';

/** The environment of this process; nothing else reads it. */
export function currentEnvironment(): Environment {
  return process.env;
}

/** What jobs inherit: this process's environment without Lockstep's own settings, some of which are secrets. */
export function jobEnvironment(environment: Environment = currentEnvironment()): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('LOCKSTEP_')));
}
