import type { ProjectDefinition, ProjectVersion } from '@lockstep/domain';
import type { Knex } from 'knex';

/** The update locks the project, so two uploads at once get two numbers; insert and number are one statement. */
const ADD_VERSION = `
  with numbered as (
    update projects set current_version = current_version + 1, modified_at = :uploadedAt, modified_by = :uploadedBy
    where id = :projectId
    returning id, current_version
  )
  insert into project_versions
    (project_id, version, uploaded_at, uploaded_by, file_name, size_bytes, content_hash, file_hash, flow_ids, definition)
  select id, current_version, :uploadedAt, :uploadedBy, :fileName, :sizeBytes, :contentHash, :contentHash,
    :flowIds::text[], :definition::json
  from numbered
  returning version`;

/** SQLSTATE of a reference to a row that is not there. */
const FOREIGN_KEY_VIOLATION = '23503';

export async function addVersion(
  db: Knex,
  version: Omit<ProjectVersion, 'version' | 'hasFile'> & { readonly definition: ProjectDefinition },
): Promise<number> {
  try {
    const { rows } = await db.raw<{ rows: readonly { version: number }[] }>(ADD_VERSION, {
      ...version,
      flowIds: version.flowIds as string[],
      definition: JSON.stringify(version.definition),
    } as unknown as Knex.ValueDict);
    if (rows[0] === undefined) throw new Error(`There is no project with id ${version.projectId}.`);
    return rows[0].version;
  } catch (error) {
    if ((error as { code?: string }).code !== FOREIGN_KEY_VIOLATION) throw error;
    throw new Error(`Project file ${version.contentHash} is not stored; write it before adding a version of it.`, {
      cause: error,
    });
  }
}
