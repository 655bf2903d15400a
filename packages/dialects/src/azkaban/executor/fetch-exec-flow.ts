import type { AttemptRecord, PlanNode } from '@lockstep/domain';
import type { ExecutionDetail, ExecutionRetries } from '@lockstep/services';
import type { JsonObject } from '../../kit/pretty-json.js';
import type { ExecutionCall } from '../ajax-action.js';
import { timeOrUnset } from '../time-or-unset.js';

/** The whole execution: its flow and every node, embedded flows nested. */
export async function fetchExecFlow({ executionId, services, user }: ExecutionCall): Promise<JsonObject> {
  const detail = await services.executions.detail(user, executionId);
  const { execution, plan, current } = detail;
  return {
    project: execution.projectName,
    updateTime: timeOrUnset(execution.updatedAt),
    type: null,
    pastAttempts: renderPastAttempts(detail, 0),
    attempt: current[0]?.attempt ?? 0,
    execid: execution.id,
    retries: detail.retries && renderRetries(detail.retries),
    submitTime: execution.submittedAt,
    nodes: renderChildren(detail, plan.nodes[0]),
    nestedId: execution.flowId,
    submitUser: execution.submitUser,
    startTime: timeOrUnset(execution.startedAt),
    id: execution.flowId,
    endTime: timeOrUnset(execution.endedAt),
    projectId: execution.projectId,
    flowId: execution.flowId,
    flow: execution.flowId,
    status: execution.status,
  };
}

/** Unset ids are -1. What Azkaban's system retries are for, executions lost on their way, is taken up under the same id. */
function renderRetries({ statuses, strategy, count, max, root, parent, child }: ExecutionRetries): JsonObject {
  return {
    allowedStatuses: statuses,
    userDefinedCount: count,
    userDefinedMax: max,
    systemDefinedMax: 1,
    systemDefinedCount: 0,
    rootExecutionID: root ?? -1,
    strategy,
    childExecutionID: child ?? -1,
    parentExecutionID: parent ?? -1,
  };
}

function renderChildren(detail: ExecutionDetail, parent: PlanNode | undefined): readonly JsonObject[] {
  return (parent?.children ?? []).flatMap((index) => {
    const node = detail.plan.nodes[index];
    return node === undefined ? [] : [renderNode(detail, node)];
  });
}

function renderNode(detail: ExecutionDetail, node: PlanNode): JsonObject {
  const record = detail.current[node.index];
  const isFlow = node.kind === 'flow';
  return {
    condition: node.condition?.text,
    nodes: isFlow ? renderChildren(detail, node) : undefined,
    nestedId: node.nestedId,
    in: node.dependencies.length === 0 ? undefined : node.dependencies.map((index) => detail.plan.nodes[index]?.id),
    startTime: timeOrUnset(record?.startedAt),
    updateTime: timeOrUnset(record?.updatedAt),
    id: node.id,
    endTime: timeOrUnset(record?.endedAt),
    type: node.type,
    pastAttempts: renderPastAttempts(detail, node.index),
    attempt: record?.attempt ?? 0,
    flowId: isFlow ? node.embeddedFlowId : undefined,
    flow: isFlow ? node.embeddedFlowId : undefined,
    status: record?.status ?? 'READY',
  };
}

/** Earlier attempts of a node, oldest first; undefined when there are none. */
export function renderPastAttempts(detail: ExecutionDetail, index: number): readonly JsonObject[] | undefined {
  const attempts = detail.pastAttempts.get(index);
  return attempts === undefined || attempts.length === 0 ? undefined : attempts.map(renderAttempt);
}

function renderAttempt({ attempt, endedAt, startedAt, status }: AttemptRecord): JsonObject {
  return { startTime: timeOrUnset(startedAt), endTime: timeOrUnset(endedAt), attempt, status };
}
