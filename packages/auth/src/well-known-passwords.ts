import type { UserDirectory } from './user-directory.js';

/** Name and password pairs that ship with schedulers of this family, or that everybody tries first. */
const WELL_KNOWN_PASSWORDS: readonly (readonly [name: string, password: string])[] = [
  ['azkaban', 'azkaban'],
  ['metrics', 'metrics'],
  ['admin', 'admin'],
  ['admin', 'azkaban'],
  ['admin', 'password'],
  ['ADMIN', 'KYLIN'],
  ['lockstep', 'lockstep'],
  ['root', 'root'],
  ['user', 'user'],
  ['test', 'test'],
  ['guest', 'guest'],
];

/** Names of the users who can log in with a password the whole world knows, each once. */
export async function wellKnownPasswords(directory: Pick<UserDirectory, 'authenticate'>): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const [name, password] of WELL_KNOWN_PASSWORDS) {
    if ((await directory.authenticate(name, password)) !== undefined) found.add(name);
  }
  return [...found];
}

/** true while such a user exists: the server must then not listen beyond the own machine. */
export async function hasWellKnownDefaultPassword(directory: Pick<UserDirectory, 'authenticate'>): Promise<boolean> {
  return (await wellKnownPasswords(directory)).length > 0;
}
