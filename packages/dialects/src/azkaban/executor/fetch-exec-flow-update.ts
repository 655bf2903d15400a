import type { PlanNode } from '@lockstep/domain';
import type { ExecutionDetail } from '@lockstep/services';
import type { JsonObject } from '../../kit/pretty-json.js';
import type { ExecutionCall } from '../ajax-action.js';
import { timeOrUnset } from '../time-or-unset.js';
import { renderPastAttempts } from './fetch-exec-flow.js';

/**
 * What has changed since `lastUpdateTime` (-1: everything). The root's times and status are always there; unchanged
 * nodes are left out; a flow with a changed node inside counts as changed.
 */
export async function fetchExecFlowUpdate(call: ExecutionCall): Promise<JsonObject> {
  const { executionId, parameters, services, user } = call;
  const since = parameters.requiredLong('lastUpdateTime');
  const detail = await services.executions.detail(user, executionId);
  const { execution, plan, current } = detail;
  const nodes = changedChildren(detail, plan.nodes[0], since);
  const hasChanged = nodes.length > 0 || isNewer(execution.updatedAt, since);
  return {
    nodes: nodes.length > 0 ? nodes : undefined,
    startTime: timeOrUnset(execution.startedAt),
    updateTime: timeOrUnset(execution.updatedAt),
    id: hasChanged ? execution.flowId : undefined,
    endTime: timeOrUnset(execution.endedAt),
    pastAttempts: hasChanged ? renderPastAttempts(detail, 0) : undefined,
    attempt: hasChanged ? (current[0]?.attempt ?? 0) : undefined,
    flow: nodes.length > 0 ? execution.flowId : undefined,
    status: execution.status,
  };
}

function changedChildren(detail: ExecutionDetail, parent: PlanNode | undefined, since: number): readonly JsonObject[] {
  return (parent?.children ?? []).flatMap((index) => {
    const node = detail.plan.nodes[index];
    const changed = node && changedNode(detail, node, since);
    return changed === undefined ? [] : [changed];
  });
}

function changedNode(detail: ExecutionDetail, node: PlanNode, since: number): JsonObject | undefined {
  const record = detail.current[node.index];
  const nodes = node.kind === 'flow' ? changedChildren(detail, node, since) : [];
  if (nodes.length === 0 && !isNewer(record?.updatedAt, since)) return undefined;
  return {
    nodes: nodes.length > 0 ? nodes : undefined,
    startTime: timeOrUnset(record?.startedAt),
    updateTime: timeOrUnset(record?.updatedAt),
    id: node.id,
    endTime: timeOrUnset(record?.endedAt),
    pastAttempts: renderPastAttempts(detail, node.index),
    attempt: record?.attempt ?? 0,
    flow: nodes.length > 0 ? node.embeddedFlowId : undefined,
    status: record?.status ?? 'READY',
  };
}

function isNewer(updatedAt: number | undefined, since: number): boolean {
  return since < 0 || timeOrUnset(updatedAt) > since;
}
