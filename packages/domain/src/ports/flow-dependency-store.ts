/** A flow of some project, by names. */
export interface FlowName {
  readonly project: string;
  readonly flow: string;
}

/** What a project says of one of its flows: it starts after another one has succeeded (`trigger.after`). */
export interface DeclaredDependency {
  readonly flowId: string;
  /** By name: it need not exist (yet). */
  readonly upstream: FlowName;
  /** false: the flow is shown as dependent and never started by others. */
  readonly dataDriven: boolean;
}

export interface FlowDependency extends DeclaredDependency {
  /** The project of the flow that is started. */
  readonly projectId: number;
  readonly project: string;
  /** An execution of the upstream flow that has succeeded since the flow was last started this way. */
  readonly succeededExecution?: number;
}

/** Which flows come after which, over all projects, and which successes still wait to be used. */
export interface FlowDependencyStore {
  /**
   * Inside a transaction: the dependencies of a project as its newest version has them. What has been heard of pairs
   * that stay is kept.
   */
  replace(projectId: number, dependencies: readonly DeclaredDependency[]): Promise<void>;
  /** Of active projects. */
  list(): Promise<readonly FlowDependency[]>;
  /** Data-driven flows of active projects that come directly after that one. */
  after(upstream: FlowName): Promise<readonly FlowDependency[]>;
  /** What a flow of an active project comes after. */
  of(projectId: number, flowId: string): Promise<readonly FlowDependency[]>;
  noteSuccess(success: {
    readonly projectId: number;
    readonly flowId: string;
    readonly upstream: FlowName;
    readonly executionId: number;
  }): Promise<void>;
  /** The flow has been started: from now on its upstreams have to succeed anew. */
  forgetSuccesses(projectId: number, flowId: string): Promise<void>;
}
