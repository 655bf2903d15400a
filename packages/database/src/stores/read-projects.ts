import { PERMISSION, PERMISSIONS, type Permission, type PermissionEntry, type Project } from '@lockstep/domain';
import type { Knex } from 'knex';
import { TABLE, type ProjectRow } from '../tables.js';

interface Grant {
  readonly name: string;
  readonly is_group: boolean;
  readonly permissions: number;
}

export interface ProjectWithGrants extends ProjectRow {
  readonly grants: readonly Grant[] | null;
  readonly proxy_users: readonly string[] | null;
}

/** Projects with their permissions and proxy users, in one query: the rows that hang off each are found by its key. */
export async function readProjects(
  db: Knex,
  narrow: (query: Knex.QueryBuilder<ProjectWithGrants>) => Knex.QueryBuilder<ProjectWithGrants>,
): Promise<readonly Project[]> {
  const query = db(`${TABLE.projects} as p`).select(
    'p.*',
    db.raw(`(select json_agg(g order by g.name) from ?? g where g.project_id = p.id) as grants`, [TABLE.permissions]),
    db.raw(`(select json_agg(u.name order by u.name) from ?? u where u.project_id = p.id) as proxy_users`, [
      TABLE.proxyUsers,
    ]),
  ) as Knex.QueryBuilder<ProjectWithGrants>;
  const rows = (await narrow(query)) as readonly ProjectWithGrants[];
  return rows.map(readProject);
}

/** Permissions as the sum of their bits. */
export function permissionBits(permissions: readonly Permission[]): number {
  return permissions.reduce((bits, permission) => bits | PERMISSION[permission].bit, 0);
}

function readProject(row: ProjectWithGrants): Project {
  const grants = row.grants ?? [];
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    active: row.active,
    createdAt: row.created_at,
    createdBy: row.created_by,
    modifiedAt: row.modified_at,
    modifiedBy: row.modified_by,
    currentVersion: row.current_version,
    userPermissions: grants.filter((grant) => !grant.is_group).map(readGrant),
    groupPermissions: grants.filter((grant) => grant.is_group).map(readGrant),
    proxyUsers: row.proxy_users ?? [],
  };
}

function readGrant({ name, permissions }: Grant): PermissionEntry {
  return { name, permissions: PERMISSIONS.filter((permission) => (permissions & PERMISSION[permission].bit) !== 0) };
}
