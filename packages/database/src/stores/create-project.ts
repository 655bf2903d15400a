import type { Knex } from 'knex';

/** Project and its creator's permission, both or neither: a project without ADMIN could be changed by nobody. */
export async function createProject(
  db: Knex,
  project: { name: string; description: string; user: string; at: number; permissions: number },
): Promise<number | undefined> {
  const { rows } = await db.raw<{ rows: readonly { id: number }[] }>(
    `with created as (
       insert into projects (name, description, created_at, created_by, modified_at, modified_by)
       values (:name, :description, :at, :user, :at, :user)
       on conflict (name) where active do nothing
       returning id
     ), granted as (
       insert into project_permissions (project_id, is_group, name, permissions)
       select id, false, :user, :permissions from created
     )
     select id from created`,
    project,
  );
  return rows[0]?.id;
}
