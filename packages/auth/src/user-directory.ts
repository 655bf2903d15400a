import type { Role, User } from '@lockstep/domain';

/** Where users, their passwords and roles come from. Answers may change while the server runs; ask again each time. */
export interface UserDirectory {
  /**
   * The user when name and password are right, else undefined; takes about as long for a name that does not exist.
   * `roles` are the effective ones (own and through groups). Names are case-sensitive.
   */
  authenticate(name: string, password: string): Promise<User | undefined>;
  /** The user as `authenticate` gives it, for what happens in somebody's name while nobody is logged in. */
  findUser(name: string): User | undefined;
  /** Whether a project permission may name this user. */
  hasUser(name: string): boolean;
  /** Whether a project permission may name this group. */
  isValidGroup(name: string): boolean;
  /** Every declared role. */
  roles(): readonly Role[];
  findRole(name: string): Role | undefined;
  /** Roles that come with membership of the group; empty for a group nobody has declared. */
  groupRoles(group: string): readonly string[];
  /** Whether this user may add `proxyUser` to the proxy users of a project. */
  mayProxy(user: User, proxyUser: string): boolean;
}
