import type { FailureAction, FlowDefinition, JobDefinition, NodeDefinition, ProjectDefinition } from '@lockstep/domain';

export interface JobOptions {
  readonly needs?: readonly string[];
  /** Default: noop. */
  readonly type?: string;
  readonly condition?: string;
  readonly properties?: Readonly<Record<string, string>>;
}

export interface EmbedOptions {
  readonly needs?: readonly string[];
  readonly condition?: string;
}

/**
 * A flow for a test, written the way one speaks of it: `aFlow().job('a').job('b', { needs: ['a'] }).build()`.
 * Needs may name jobs that come later. Job keys are `flow:node`, embedded flows `flow:node`, as Flow 2.0 has them.
 */
export function aFlow(id = 'flow'): FlowBuilder {
  return new FlowBuilder(id);
}

/** A project of several flows. */
export function aProject(...flows: readonly FlowBuilder[]): ProjectDefinition {
  const parts = flows.map((flow) => flow.build());
  return {
    format: 'flow2',
    flows: Object.assign({}, ...parts.map((part) => part.flows)) as ProjectDefinition['flows'],
    jobs: Object.assign({}, ...parts.map((part) => part.jobs)) as ProjectDefinition['jobs'],
    propertyFiles: {},
  };
}

interface Added {
  readonly id: string;
  readonly type: string;
  readonly options: JobOptions;
  readonly inner?: FlowBuilder;
}

export class FlowBuilder {
  readonly #id: string;
  readonly #added: Added[] = [];
  #properties: Readonly<Record<string, string>> = {};
  #failureAction: FailureAction | undefined;

  constructor(id: string) {
    this.#id = id;
  }

  job(id: string, options: JobOptions = {}): this {
    this.#added.push({ id, type: options.type ?? 'noop', options });
    return this;
  }

  /** A node that runs another flow; the inner builder's own id does not matter. */
  embed(id: string, inner: FlowBuilder, options: EmbedOptions = {}): this {
    this.#added.push({ id, type: 'flow', options, inner });
    return this;
  }

  properties(properties: Readonly<Record<string, string>>): this {
    this.#properties = { ...this.#properties, ...properties };
    return this;
  }

  onFailure(action: FailureAction): this {
    this.#failureAction = action;
    return this;
  }

  /** The project that contains this flow alone. */
  build(): ProjectDefinition {
    const flows: Record<string, FlowDefinition> = {};
    const jobs: Record<string, JobDefinition> = {};
    this.#addTo({ flows, jobs }, this.#id, false);
    return { format: 'flow2', flows, jobs, propertyFiles: {} };
  }

  buildFlow(): FlowDefinition {
    const flow = this.build().flows[this.#id];
    if (flow === undefined) throw new Error(`Flow "${this.#id}" was not built.`);
    return flow;
  }

  #addTo(
    project: { flows: Record<string, FlowDefinition>; jobs: Record<string, JobDefinition> },
    flowId: string,
    embedded: boolean,
  ): void {
    const levels = this.#levels();
    project.flows[flowId] = {
      id: flowId,
      embedded,
      nodes: this.#added.map((added) => nodeOf(added, flowId, levels.get(added.id) ?? 0)),
      edges: this.#added.flatMap(({ id, options }) => (options.needs ?? []).map((source) => ({ source, target: id }))),
      properties: this.#properties,
      failureEmails: [],
      successEmails: [],
      overrideEmails: [],
      ...(this.#failureAction ? { failureAction: this.#failureAction } : {}),
    };
    for (const { id, type, options, inner } of this.#added) {
      project.jobs[`${flowId}:${id}`] = { properties: { type, ...options.properties }, source: '' };
      if (inner !== undefined) inner.#addTo(project, `${flowId}:${id}`, true);
    }
  }

  /** The longest way from a start node. */
  #levels(): ReadonlyMap<string, number> {
    const needs = new Map(this.#added.map(({ id, options }) => [id, options.needs ?? []]));
    const levels = new Map<string, number>();
    const levelOf = (id: string, below: readonly string[]): number => {
      if (below.includes(id))
        throw new Error(`The needs of "${id}" go round in a circle: ${[...below, id].join(' → ')}.`);
      const level =
        levels.get(id) ?? Math.max(0, ...(needs.get(id) ?? []).map((need) => levelOf(need, [...below, id]) + 1));
      levels.set(id, level);
      return level;
    };
    for (const { id } of this.#added) levelOf(id, []);
    return levels;
  }
}

function nodeOf({ id, type, options, inner }: Added, flowId: string, level: number): NodeDefinition {
  return {
    id,
    type,
    jobKey: `${flowId}:${id}`,
    dependsOn: options.needs ?? [],
    level,
    ...(options.condition === undefined ? {} : { condition: options.condition }),
    ...(inner ? { embeddedFlowId: `${flowId}:${id}` } : {}),
  };
}
