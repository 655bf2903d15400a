import type { DisabledJob, FlowDefinition, ProjectDefinition, Properties, RetryPolicy, Status } from '@lockstep/domain';

/** A node as the oracle sees it: a tree with references, nothing counted, nothing indexed. */
export interface OracleNode {
  readonly nestedId: string;
  readonly id: string;
  readonly kind: 'job' | 'flow';
  readonly parent: OracleNode | undefined;
  readonly children: OracleNode[];
  readonly dependencies: OracleNode[];
  readonly dependants: OracleNode[];
  /** As written in the definition. */
  readonly condition: string | undefined;
  status: Status;
  attempt: number;
  outputs: Properties | undefined;
  /** Why a QUEUED job does not run yet. */
  waitsFor: 'timer' | 'upstream' | 'slot' | undefined;
  /** The event (counted from 0) in which it began to wait for a slot. */
  queuedAt: number;
  /** Back-off of the next start, set by a retry. */
  backoffMs: number;
  /** A failure of a pause that has not been acted on. */
  deferred: RetryPolicy | undefined;
}

/** Expands the flow by recursion, straight from the definition; the first node is the execution itself. */
export function oracleTree(
  definition: ProjectDefinition,
  flowId: string,
  disabledJobs: readonly DisabledJob[],
): readonly OracleNode[] {
  const root = createNode({ id: '', kind: 'flow', parent: undefined, condition: undefined, disabled: false });
  root.status = 'PREPARING';
  addChildren(definition, root, definition.flows[flowId] as FlowDefinition, disabledJobs);
  return allNodes(root);
}

function addChildren(
  definition: ProjectDefinition,
  parent: OracleNode,
  flow: FlowDefinition,
  disabledJobs: readonly DisabledJob[],
): void {
  for (const { id, condition, embeddedFlowId } of flow.nodes) {
    const disabling = disabledJobs.find((job) => job.id === id);
    const kind = embeddedFlowId === undefined ? 'job' : 'flow';
    const disabled = disabling !== undefined && disabling.children === undefined;
    const node = createNode({ id, kind, parent, condition, disabled });
    parent.children.push(node);
    if (embeddedFlowId !== undefined) {
      addChildren(definition, node, definition.flows[embeddedFlowId] as FlowDefinition, disabling?.children ?? []);
    }
  }
  for (const { id, dependsOn } of flow.nodes) {
    const target = child(parent, id);
    for (const dependency of dependsOn) {
      target.dependencies.push(child(parent, dependency));
      child(parent, dependency).dependants.push(target);
    }
  }
}

function createNode(node: {
  id: string;
  kind: 'job' | 'flow';
  parent: OracleNode | undefined;
  condition: string | undefined;
  disabled: boolean;
}): OracleNode {
  const { id, kind, parent, condition, disabled } = node;
  return {
    nestedId: parent === undefined || parent.nestedId === '' ? id : `${parent.nestedId}:${id}`,
    id,
    kind,
    parent,
    children: [],
    dependencies: [],
    dependants: [],
    condition,
    status: disabled ? 'DISABLED' : 'READY',
    attempt: 0,
    outputs: undefined,
    waitsFor: undefined,
    queuedAt: 0,
    backoffMs: 0,
    deferred: undefined,
  };
}

function child(parent: OracleNode, id: string): OracleNode {
  return parent.children.find((node) => node.id === id) as OracleNode;
}

function allNodes(node: OracleNode): readonly OracleNode[] {
  return [node, ...node.children.flatMap(allNodes)];
}

export function startNodes(flow: OracleNode): readonly OracleNode[] {
  return flow.children.filter((node) => node.dependencies.length === 0);
}

export function endNodes(flow: OracleNode): readonly OracleNode[] {
  return flow.children.filter((node) => node.dependants.length === 0);
}
