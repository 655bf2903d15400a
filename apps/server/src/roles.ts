/**
 * What a process does. `web` answers HTTP and, unless a database URL is set, runs the embedded database of its data folder;
 * `scheduler` looks after what must happen without a request (overdue executions, retention, expired sessions);
 * `worker` runs flows.
 */
const ROLES = ['web', 'scheduler', 'worker'] as const;
export type Role = (typeof ROLES)[number];

export function rolesOf(text: string): ReadonlySet<Role> {
  const names = text.split(/[\s,]+/).filter((name) => name !== '');
  if (names.length === 0) throw new Error('names no role');
  return new Set(names.flatMap((name) => (name === 'all' ? ROLES : [roleOf(name)])));
}

function roleOf(name: string): Role {
  const role = ROLES.find((known) => known === name.toLowerCase());
  if (!role) throw new Error(`"${name}" is not a role; the roles are ${ROLES.join(', ')}, or all`);
  return role;
}
