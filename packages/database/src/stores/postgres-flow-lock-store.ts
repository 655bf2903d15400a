import type { FlowLock, FlowLockStore } from '@lockstep/domain';
import type { Knex } from 'knex';
import { TABLE, type FlowLockRow } from '../tables.js';

export class PostgresFlowLockStore implements FlowLockStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  async find(projectId: number, flowId: string): Promise<FlowLock | undefined> {
    const row = await this.#locks().where({ project_id: projectId, flow_id: flowId }).first();
    if (row === undefined) return undefined;
    return {
      projectId: row.project_id,
      flowId: row.flow_id,
      ...(row.message === null ? {} : { message: row.message }),
      user: row.locked_by,
      at: row.locked_at,
    };
  }

  async set({ projectId, flowId, message, user, at }: FlowLock): Promise<void> {
    await this.#locks()
      .insert({ project_id: projectId, flow_id: flowId, message: message ?? null, locked_by: user, locked_at: at })
      .onConflict(['project_id', 'flow_id'])
      .merge(['message', 'locked_by', 'locked_at']);
  }

  async remove(projectId: number, flowId: string): Promise<void> {
    await this.#locks().where({ project_id: projectId, flow_id: flowId }).delete();
  }

  #locks() {
    return this.#db<FlowLockRow>(TABLE.flowLocks);
  }
}
