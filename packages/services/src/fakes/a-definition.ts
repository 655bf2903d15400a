import type { FlowDefinition, JobDefinition, NodeDefinition, ProjectDefinition } from '@lockstep/domain';

type FlowParts = Partial<Omit<FlowDefinition, 'id' | 'nodes'>>;
type JobParts = { readonly needs?: readonly string[]; readonly embeds?: string };

/** `aFlow('nightly').job('a').job('b', { needs: ['a'] })` */
export class FlowBuilder {
  private readonly nodes: NodeDefinition[] = [];

  constructor(
    private readonly id: string,
    private readonly parts: FlowParts,
  ) {}

  job(id: string, { needs = [], embeds }: JobParts = {}): this {
    const type = embeds === undefined ? 'command' : 'flow';
    const level = needs.length === 0 ? 0 : 1;
    const embedding = embeds === undefined ? {} : { embeddedFlowId: embeds };
    this.nodes.push({ id, type, jobKey: id, dependsOn: needs, level, ...embedding });
    return this;
  }

  build(): FlowDefinition {
    return {
      id: this.id,
      embedded: false,
      nodes: this.nodes,
      edges: this.nodes.flatMap(({ id, dependsOn }) => dependsOn.map((source) => ({ source, target: id }))),
      properties: {},
      failureEmails: [],
      successEmails: [],
      overrideEmails: [],
      ...this.parts,
    };
  }
}

export function aFlow(id: string, parts: FlowParts = {}): FlowBuilder {
  return new FlowBuilder(id, parts);
}

export function aDefinition(
  flows: readonly FlowBuilder[],
  parts: Partial<Omit<ProjectDefinition, 'flows'>> = {},
): ProjectDefinition {
  const built = flows.map((flow) => flow.build());
  const jobs = built.flatMap(({ nodes }) =>
    nodes.map(({ jobKey, type }): [string, JobDefinition] => [
      jobKey,
      { properties: { type }, source: `${jobKey}.job` },
    ]),
  );
  return {
    format: 'flow1',
    flows: Object.fromEntries(built.map((flow) => [flow.id, flow])),
    jobs: Object.fromEntries(jobs),
    propertyFiles: {},
    ...parts,
  };
}
