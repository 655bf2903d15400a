import type { DeclaredDependency, FlowDependency, FlowDependencyStore, FlowName, ProjectStore } from '@lockstep/domain';

export class InMemoryFlowDependencyStore implements FlowDependencyStore {
  readonly #projects: Pick<ProjectStore, 'findById'>;
  #states: readonly FlowDependency[] = [];

  constructor(options: { projects: Pick<ProjectStore, 'findById'> }) {
    this.#projects = options.projects;
  }

  async replace(projectId: number, dependencies: readonly DeclaredDependency[]): Promise<void> {
    const project = (await this.#projects.findById(projectId))?.name ?? '';
    const replaced = dependencies.map((dependency): FlowDependency => {
      const added = { projectId, project, ...dependency };
      return { ...this.#states.find((known) => keyOf(known) === keyOf(added)), ...added };
    });
    this.#states = [...this.#states.filter((known) => known.projectId !== projectId), ...replaced];
  }

  async list(): Promise<readonly FlowDependency[]> {
    const states: FlowDependency[] = [];
    for (const state of this.#states.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))) {
      if ((await this.#projects.findById(state.projectId))?.active === true) states.push(state);
    }
    return states;
  }

  async after({ project, flow }: FlowName): Promise<readonly FlowDependency[]> {
    const comesAfter = ({ upstream, dataDriven }: FlowDependency) =>
      dataDriven && upstream.project === project && upstream.flow === flow;
    return (await this.list()).filter(comesAfter);
  }

  async of(projectId: number, flowId: string): Promise<readonly FlowDependency[]> {
    return (await this.list()).filter((state) => state.projectId === projectId && state.flowId === flowId);
  }

  async noteSuccess(success: {
    projectId: number;
    flowId: string;
    upstream: FlowName;
    executionId: number;
  }): Promise<void> {
    const { executionId: succeededExecution } = success;
    this.#states = this.#states.map((state) =>
      keyOf(state) === keyOf(success) ? { ...state, succeededExecution } : state,
    );
  }

  async forgetSuccesses(projectId: number, flowId: string): Promise<void> {
    this.#states = this.#states.map(({ succeededExecution, ...state }) => {
      const forget = state.projectId === projectId && state.flowId === flowId;
      return forget || succeededExecution === undefined ? state : { ...state, succeededExecution };
    });
  }

  /** Whether the success of that flow may start others. */
  hasDownstream({ project, flow }: FlowName): boolean {
    return this.#states.some(
      ({ upstream, dataDriven }) => dataDriven && upstream.project === project && upstream.flow === flow,
    );
  }

  /** Returns a function that brings back what is stored now. */
  snapshot(): () => void {
    const states = this.#states;
    return () => void (this.#states = states);
  }
}

function keyOf({ projectId, flowId, upstream }: Pick<FlowDependency, 'projectId' | 'flowId' | 'upstream'>): string {
  return JSON.stringify([String(projectId).padStart(12, '0'), flowId, upstream.project, upstream.flow]);
}
