import type { Permission } from './permission.js';

/** Someone who has logged in, as known at that moment. */
export interface User {
  readonly name: string;
  readonly email?: string;
  readonly groups: readonly string[];
  readonly roles: readonly string[];
  /** Users this user may name as proxy users of a project. */
  readonly proxyUsers: readonly string[];
}

export interface Role {
  readonly name: string;
  readonly permissions: readonly Permission[];
}

export interface Session {
  readonly id: string;
  readonly user: User;
  readonly address: string;
  readonly createdAt: number;
}
