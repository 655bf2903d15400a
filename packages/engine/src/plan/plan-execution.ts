import type {
  DisabledJob,
  ExecutionOptions,
  ExecutionPlan,
  FlowDefinition,
  NodeDefinition,
  PlanNode,
  ProjectDefinition,
} from '@lockstep/domain';
import { DomainError } from '@lockstep/domain';
import { parseCondition } from '@lockstep/conditions';
import { pipelineWaits } from './pipeline-waits.js';

/** More nodes than this in one execution are refused: flows that embed each other's copies grow exponentially. */
const MAX_NODES = 500_000;

export interface PlanRequest {
  readonly definition: ProjectDefinition;
  readonly flowId: string;
  readonly options: ExecutionOptions;
  /** Jobs that may run at the same time; default 10. */
  readonly jobThreads?: number;
  /** Kill the execution after this time; default never. */
  readonly timeoutMs?: number;
}

/**
 * Works out once how an execution will run: embedded flows expanded into copies of their own, disabled jobs marked,
 * dependants indexed, pipelining resolved. The same request always gives the same plan, so it need not be stored.
 * Throws `flow.not-found`.
 */
export function planExecution({ definition, flowId, options, jobThreads = 10, timeoutMs }: PlanRequest): ExecutionPlan {
  const flow = definition.flows[flowId];
  if (flow === undefined) throw new DomainError('flow.not-found', { project: '', flow: flowId });
  const nodes = expand(definition, flow, options);
  const indexOf = new Map(nodes.map((node) => [node.nestedId, node.index]));
  const withWaits =
    options.pipelineLevel === undefined || options.pipelineExecutionId === undefined
      ? nodes
      : nodes.map((node) => ({ ...node, waitsFor: pipelineWaits(nodes, node, options.pipelineLevel ?? 1) }));
  return {
    nodes: withWaits,
    failureAction: options.failureActionOverridden
      ? options.failureAction
      : (flow.failureAction ?? options.failureAction),
    jobThreads,
    notifyOnFirstFailure: options.notifyOnFirstFailure,
    flowParameters: options.flowParameters,
    ...(options.pipelineExecutionId === undefined ? {} : { pipelineExecutionId: options.pipelineExecutionId }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    indexOf,
  };
}

/** A plan node while its neighbours are still being found. */
interface Draft extends PlanNode {
  dependencies: number[];
  dependants: number[];
  children: number[];
  startNodes: number[];
  endNodes: number[];
}

interface Pending {
  readonly draft: Draft;
  readonly flow: FlowDefinition;
  readonly disabled: ReadonlyMap<string, DisabledJob>;
}

/** Breadth first with a work list: neither deep nesting nor long chains can exhaust the stack. */
function expand(definition: ProjectDefinition, root: FlowDefinition, options: ExecutionOptions): readonly PlanNode[] {
  const drafts: Draft[] = [rootDraft(root)];
  const pending: Pending[] = [{ draft: drafts[0] as Draft, flow: root, disabled: byId(options.disabledJobs) }];
  // The list grows while it is worked through.
  for (const { draft: parent, flow, disabled } of pending) {
    const siblings = new Map<string, Draft>();
    for (const node of flow.nodes) {
      const disabling = disabled.get(node.id);
      const draft = nodeDraft({
        index: drafts.length,
        parent,
        flow,
        node,
        disabled: disabling !== undefined && disabling.children === undefined,
      });
      if (drafts.length >= MAX_NODES) {
        throw new DomainError('execution.bad-options', {
          reason: `Flow "${root.id}" has more than ${MAX_NODES} jobs once its embedded flows are expanded.`,
        });
      }
      drafts.push(draft);
      siblings.set(node.id, draft);
      parent.children.push(draft.index);
      const embedded = node.embeddedFlowId === undefined ? undefined : definition.flows[node.embeddedFlowId];
      if (embedded !== undefined) {
        pending.push({ draft, flow: embedded, disabled: byId(disabling?.children ?? []) });
      }
    }
    link(flow, siblings, parent);
  }
  return drafts;
}

function link(flow: FlowDefinition, siblings: ReadonlyMap<string, Draft>, parent: Draft): void {
  for (const node of flow.nodes) {
    const draft = siblings.get(node.id);
    if (draft === undefined) continue;
    for (const dependency of node.dependsOn) {
      const source = siblings.get(dependency);
      if (source === undefined) continue;
      draft.dependencies.push(source.index);
      source.dependants.push(draft.index);
    }
  }
  for (const draft of siblings.values()) {
    if (draft.dependencies.length === 0) parent.startNodes.push(draft.index);
    if (draft.dependants.length === 0) parent.endNodes.push(draft.index);
  }
}

function byId(disabledJobs: readonly DisabledJob[]): ReadonlyMap<string, DisabledJob> {
  return new Map(disabledJobs.map((job) => [job.id, job]));
}

function rootDraft(flow: FlowDefinition): Draft {
  return {
    index: 0,
    nestedId: '',
    id: flow.id,
    type: 'flow',
    kind: 'flow',
    dependencies: [],
    dependants: [],
    children: [],
    startNodes: [],
    endNodes: [],
    disabled: false,
    waitsFor: [],
    flowId: flow.id,
    jobKey: '',
    embeddedFlowId: flow.id,
  };
}

function nodeDraft({
  index,
  parent,
  flow,
  node,
  disabled,
}: {
  index: number;
  parent: Draft;
  flow: FlowDefinition;
  node: NodeDefinition;
  disabled: boolean;
}): Draft {
  return {
    index,
    nestedId: parent.nestedId === '' ? node.id : `${parent.nestedId}:${node.id}`,
    id: node.id,
    type: node.type,
    kind: node.embeddedFlowId === undefined ? 'job' : 'flow',
    parent: parent.index,
    dependencies: [],
    dependants: [],
    children: [],
    startNodes: [],
    endNodes: [],
    disabled,
    ...(node.condition === undefined ? {} : { condition: parseCondition(node.condition) }),
    waitsFor: [],
    flowId: flow.id,
    jobKey: node.jobKey,
    ...(node.embeddedFlowId === undefined ? {} : { embeddedFlowId: node.embeddedFlowId }),
  };
}
