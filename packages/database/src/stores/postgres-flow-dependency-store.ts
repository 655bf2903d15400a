import type { DeclaredDependency, FlowDependency, FlowDependencyStore, FlowName } from '@lockstep/domain';
import type { Knex } from 'knex';
import { TABLE, type FlowTriggerRow, type ProjectRow } from '../tables.js';
import { lockFlows } from './lock-flows.js';

const REMOVE_OTHERS = `
  delete from flow_triggers t
  where t.project_id = :projectId and not exists (
    select from unnest(:flows::text[], :projects::text[], :upstreams::text[]) k (flow_id, project, flow)
    where k.flow_id = t.flow_id and k.project = t.upstream_project and k.flow = t.upstream_flow)`;

/** A pair that stays keeps the success that has been heard of. */
const PUT = `
  insert into flow_triggers (project_id, flow_id, upstream_project, upstream_flow, data_driven)
  select :projectId, k.* from unnest(:flows::text[], :projects::text[], :upstreams::text[], :dataDriven::boolean[]) k
  on conflict (project_id, flow_id, upstream_project, upstream_flow) do update set data_driven = excluded.data_driven`;

const COLUMNS = [
  't.project_id',
  'p.name',
  't.flow_id',
  't.upstream_project',
  't.upstream_flow',
  't.data_driven',
  't.succeeded_execution',
];

export class PostgresFlowDependencyStore implements FlowDependencyStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  async replace(projectId: number, dependencies: readonly DeclaredDependency[]): Promise<void> {
    await this.#lockFlowsOf(projectId, dependencies);
    const columns = {
      projectId,
      flows: dependencies.map(({ flowId }) => flowId),
      projects: dependencies.map(({ upstream }) => upstream.project),
      upstreams: dependencies.map(({ upstream }) => upstream.flow),
      dataDriven: dependencies.map(({ dataDriven }) => dataDriven),
    };
    await this.#db.raw(REMOVE_OTHERS, columns as unknown as Knex.ValueDict);
    if (dependencies.length > 0) await this.#db.raw(PUT, columns as unknown as Knex.ValueDict);
  }

  async list(): Promise<readonly FlowDependency[]> {
    return (await this.#ofActiveProjects()).map(readDependency);
  }

  async after({ project, flow }: FlowName): Promise<readonly FlowDependency[]> {
    const rows = await this.#ofActiveProjects().where({
      't.upstream_project': project,
      't.upstream_flow': flow,
      't.data_driven': true,
    });
    return rows.map(readDependency);
  }

  async of(projectId: number, flowId: string): Promise<readonly FlowDependency[]> {
    const rows = await this.#ofActiveProjects().where({ 't.project_id': projectId, 't.flow_id': flowId });
    return rows.map(readDependency);
  }

  async noteSuccess(success: {
    projectId: number;
    flowId: string;
    upstream: FlowName;
    executionId: number;
  }): Promise<void> {
    await this.#db<FlowTriggerRow>(TABLE.flowTriggers)
      .where({
        project_id: success.projectId,
        flow_id: success.flowId,
        upstream_project: success.upstream.project,
        upstream_flow: success.upstream.flow,
      })
      .update({ succeeded_execution: success.executionId });
  }

  async forgetSuccesses(projectId: number, flowId: string): Promise<void> {
    await this.#db<FlowTriggerRow>(TABLE.flowTriggers)
      .where({ project_id: projectId, flow_id: flowId })
      .update({ succeeded_execution: null });
  }

  /** Whoever changes what is known of a flow holds its lock, so that an upload and the end of an execution take turns. */
  async #lockFlowsOf(projectId: number, dependencies: readonly DeclaredDependency[]): Promise<void> {
    const known = await this.#db<FlowTriggerRow>(TABLE.flowTriggers)
      .distinct('flow_id')
      .where({ project_id: projectId });
    const flowIds = [...known.map((row) => row.flow_id), ...dependencies.map(({ flowId }) => flowId)];
    await lockFlows(
      this.#db,
      flowIds.map((flowId) => ({ projectId, flowId })),
    );
  }

  #ofActiveProjects() {
    return this.#db<FlowTriggerRow>(`${TABLE.flowTriggers} as t`)
      .join(`${TABLE.projects} as p`, 'p.id', 't.project_id')
      .where('p.active', true)
      .orderBy(['t.project_id', 't.flow_id', 't.upstream_project', 't.upstream_flow'])
      .select<Row[]>(COLUMNS);
  }
}

type Row = FlowTriggerRow & Pick<ProjectRow, 'name'>;

function readDependency(row: Row): FlowDependency {
  return {
    projectId: row.project_id,
    project: row.name,
    flowId: row.flow_id,
    upstream: { project: row.upstream_project, flow: row.upstream_flow },
    dataDriven: row.data_driven,
    ...(row.succeeded_execution === null ? {} : { succeededExecution: row.succeeded_execution }),
  };
}
